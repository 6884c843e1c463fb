/** The engine in its worker, and the calls to it. */
import type { CallName, Calls, Progress, Reply, Request } from '../../shared/protocol.js';
import { part } from './part.js';

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: Error) => void;
}

/** What a call says that the engine refused. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
}

/** The reader did not want to wait for the answer any longer. */
export class EngineStopped extends Error {
  override readonly name = 'EngineStopped';
}

/** A worker that runs the engine. */
export class Engine {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  onProgress: (progress: Progress) => void = () => undefined;

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.onmessage = ({ data }: MessageEvent<Reply>) => this.#take(data);
    worker.onerror = ({ message }) => this.#fail(new EngineError(message));
  }

  /** @throws EngineError where the engine's script is not beside the page */
  static async start(): Promise<Engine> {
    const program = await part('engine');
    if (program === null) throw new EngineError('engine.js is not beside the page');
    const url = URL.createObjectURL(new Blob([`(${program.toString()})()`], { type: 'text/javascript' }));
    const worker = new Worker(url);
    return new Engine(worker);
  }

  /** Ends it: whoever waits for an answer is told so by an EngineStopped. */
  stop(): void {
    this.#worker.terminate();
    this.#fail(new EngineStopped());
  }

  #take(reply: Reply): void {
    if ('progress' in reply) {
      this.onProgress(reply.progress);
      return;
    }
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('failed' in reply) waiting?.reject(new EngineError(reply.failed));
    else waiting?.resolve(reply.gives);
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  /** @throws EngineError where the engine fails */
  async call<Name extends CallName>(
    call: Name,
    takes: Calls[Name]['takes'],
    hand: readonly Transferable[] = [],
  ): Promise<Calls[Name]['gives']> {
    this.#last += 1;
    const id = this.#last;
    const request: Request<Name> = { id, call, takes };
    return new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage(request, [...hand]);
    }) as Promise<Calls[Name]['gives']>;
  }
}
