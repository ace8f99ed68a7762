/** A duration as Go prints it: `1.5ms`, `744.974µs`, `2m3.5s`. */
export function goDuration(milliseconds: number): string {
  const nanoseconds = Math.round(milliseconds * 1e6);
  if (nanoseconds < 1000) return nanoseconds === 0 ? "0s" : `${nanoseconds}ns`;
  if (nanoseconds < 1e6) return `${plain(nanoseconds / 1e3)}µs`;
  if (nanoseconds < 1e9) return `${plain(nanoseconds / 1e6)}ms`;
  const seconds = nanoseconds / 1e9;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = `${plain(seconds - hours * 3600 - minutes * 60)}s`;
  if (hours > 0) return `${hours}h${minutes}m${rest}`;
  return minutes > 0 ? `${minutes}m${rest}` : rest;
}

function plain(value: number): string {
  return String(Number(value.toFixed(9)));
}
