/** What is wrong with a template, or went wrong in running it. Thrown inside this family, and caught at its door. */
export class TemplateError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "TemplateError";
  }
}
