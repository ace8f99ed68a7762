/** JSON of one line over several, its keys in their order and its numbers as they are written. */
export function indentJson(json: string): string {
  let text = "";
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    const letter = json.charAt(at);
    switch (letter) {
      case '"': {
        const end = endOfString(json, at);
        text += json.slice(at, end);
        at = end - 1;
        break;
      }
      case "{":
      case "[": {
        const next = json.charAt(at + 1);
        if (next === "}" || next === "]") {
          text += letter + next;
          at += 1;
        } else {
          depth += 1;
          text += `${letter}\n${"  ".repeat(depth)}`;
        }
        break;
      }
      case "}":
      case "]":
        depth -= 1;
        text += `\n${"  ".repeat(depth)}${letter}`;
        break;
      case ",":
        text += `,\n${"  ".repeat(depth)}`;
        break;
      case ":":
        text += ": ";
        break;
      default:
        text += letter;
    }
  }
  return text;
}

function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json.charAt(at) !== '"') at += json.charAt(at) === "\\" ? 2 : 1;
  return at + 1;
}
