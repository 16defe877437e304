/**
 * A guest in a child process.
 *
 * @module
 */

import { CarillonError } from "../../../domain/error.ts";
import type { GuestEnd, GuestHandle, GuestWatch } from "../guest_handle.ts";
import { type HostMessage, readGuestMessage } from "../messages.ts";
import type { ChildCommand } from "./child_command.ts";
import { readLines } from "./line_reader.ts";

/** How much of what a child says before its end is kept for its cause. @units characters */
const TAIL_LENGTH = 2_000;

/** What a line may be longer than a message: the words around it. @units bytes */
const FRAME_BYTES = 1_024;

/** A call of nothing: it goes all the way that the first call goes, which is slow but once. */
const REHEARSAL: HostMessage & { type: "run" } = {
  type: "run",
  call: "rehearsal",
  task: { kind: "evaluate", export: "default" },
  program: {
    entry: "carillon:empty",
    modules: [{
      specifier: "carillon:empty",
      text: "export default null;",
      isJson: false,
    }],
    aliases: [],
    packages: [],
    env: {},
    methods: [],
  },
  at: 0,
  seed: 0,
  timeoutMs: 0,
  budget: { messageBytesMax: 0, outputBytesMax: 0, messagesMax: 0 },
};

/** One child. */
export class Child implements GuestHandle {
  watch: GuestWatch | null = null;
  readonly #process: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #ready = Promise.withResolvers<void>();
  readonly #gone: Promise<void>;
  readonly #encoder = new TextEncoder();
  #isAlive = true;
  #errors = "";

  /**
   * Starts a child.
   *
   * @units `messageBytesMax`: bytes
   * @throws {Deno.errors.NotFound} if there is no such program
   * @throws {Deno.errors.NotCapable} if it may not be run
   */
  constructor(command: ChildCommand, messageBytesMax: number) {
    const { program, args, env } = command;
    this.#process = new Deno.Command(program, {
      args: [...args],
      clearEnv: true,
      env: { ...env },
      cwd: Deno.build.os === "windows" ? "C:\\" : "/",
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#input = this.#process.stdin.getWriter();
    this.#gone = this.#follow(messageBytesMax + FRAME_BYTES);
    // Told to whoever waits for it; a child that dies as a spare has nobody who does.
    this.#ready.promise.catch(() => {});
  }

  /** Whether it can still be called. */
  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Resolves when it can be called. @throws {CarillonError} "hook/no-guest" */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** Says one thing to it. */
  send(message: HostMessage): void {
    if (!this.#isAlive) return;
    const line = this.#encoder.encode(`${JSON.stringify(message)}\n`);
    // A child that is gone is told of by its end.
    this.#input.write(line).catch(() => {});
  }

  /** Ends it by force; resolves when the system has taken it back. */
  async kill(): Promise<void> {
    this.#isAlive = false;
    try {
      this.#process.kill("SIGKILL");
    } catch {
      // It had ended by itself.
    }
    // What was killed may have been a script around it: the guest itself ends with its input.
    this.#input.abort().catch(() => {});
    await this.#gone;
  }

  /** Reads all that it says, up to its end. */
  async #follow(lineBytesMax: number): Promise<void> {
    const lines = readLines(this.#process.stdout, lineBytesMax, {
      line: (text) => this.#line(text),
      tooLong: (bytes) => this.watch?.spilled(bytes),
    });
    const [status] = await Promise.all([
      this.#process.status,
      // A pipe that breaks is a child that ends: its status says so.
      lines.catch(() => {}),
      this.#readErrors().catch(() => {}),
    ]);
    this.#isAlive = false;
    this.#input.abort().catch(() => {});
    const end = endOf(status, this.#errors);
    this.#ready.reject(
      new CarillonError(
        "hook/no-guest",
        `Cannot start a guest: ${end.message}`,
      ),
    );
    this.watch?.ended(end);
  }

  #line(text: string): void {
    if (this.watch !== null) return this.watch.said(text);
    if (text === '{"type":"ready"}') return this.send(REHEARSAL);
    const message = readGuestMessage(text);
    if (message?.type === "done" && message.call === REHEARSAL.call) {
      this.#ready.resolve();
    }
  }

  async #readErrors(): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of this.#process.stderr) {
      this.watch?.spilled(chunk.length);
      const text = decoder.decode(chunk, { stream: true });
      this.#errors = (this.#errors + text).slice(-TAIL_LENGTH);
    }
  }
}

/** Both the engine and the watchdog say so before the end. */
const OUT_OF_MEMORY = /out of memory|allocation failed/i;

function endOf(status: Deno.CommandStatus, errors: string): GuestEnd {
  const { code, signal } = status;
  if (OUT_OF_MEMORY.test(errors)) {
    return { kind: "out_of_memory", message: "It used up its memory" };
  }
  const how = signal === null ? `with code ${code}` : `by ${signal}`;
  const last = errors.trim().split("\n").at(-1) ?? "";
  const said = last === "" ? "" : `; its last words: ${last.slice(0, 200)}`;
  return {
    kind: "crashed",
    message: `Its process ended ${how} in the middle of the call${said}`,
  };
}
