import { BuiltinFailure } from "./failure.ts";

/** The other side could not be asked; the message is that of Go's `url.Error`. */
export class NetworkFailure extends BuiltinFailure {
  constructor(message: string) {
    super("eval_builtin_error", message);
  }
}

/** A failure that requests which ask for errors as answers see by its message alone. */
export class BareFailure extends BuiltinFailure {
  constructor(message: string) {
    super("eval_builtin_error", message);
  }
}
