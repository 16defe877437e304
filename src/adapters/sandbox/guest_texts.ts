/**
 * The texts that run in guests, carried along with the program.
 *
 * They are imported when the first guest is started: one of them is large.
 *
 * @module
 */

/** What can be started. */
export type GuestText = "process_boot" | "vm_boot" | "vm_thread";

/** The text, ready to be run: its exports are names in it. */
export async function guestText(name: GuestText): Promise<string> {
  const { default: text } = await load(name);
  return text.replace(/^export \{[^}]*\};?\s*$/m, "");
}

function load(name: GuestText): Promise<{ readonly default: string }> {
  switch (name) {
    case "process_boot":
      return import("./bundled/process_boot.js.txt", {
        with: { type: "text" },
      });
    case "vm_boot":
      return import("./bundled/vm_boot.js.txt", { with: { type: "text" } });
    case "vm_thread":
      return import("./bundled/vm_thread.js.txt", { with: { type: "text" } });
  }
}
