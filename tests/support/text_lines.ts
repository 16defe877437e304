/**
 * Text in chunks -> text in lines.
 *
 * @module
 */

/** Splits what goes through it at line ends; an unfinished line comes at the end. */
export class TextLineStream extends TransformStream<string, string> {
  /** Holds nothing yet. */
  constructor() {
    let rest = "";
    super({
      transform(chunk, controller) {
        const lines = (rest + chunk).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) controller.enqueue(line);
      },
      flush(controller) {
        if (rest !== "") controller.enqueue(rest);
      },
    });
  }
}
