/** The embedded server for as long as the demo runs: one that dies is started again on the same data and socket. */
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../kernel/embedded-postgres.ts';
import { Refusal } from '../../kernel/refusal.ts';
import { say } from './steps.ts';

export interface KeptDatabase {
  url(database: string): string;
  stop(): Promise<void>;
}

const pauseMs = 5000;

/** @throws Refusal start.* when the first start fails; later ones are tried again until stopped */
export async function keepEmbeddedDatabase(directory: string): Promise<KeptDatabase> {
  let server = await startEmbeddedPostgres({ directory, log: say });
  let stopping = false;

  async function startAgain(): Promise<EmbeddedPostgres | undefined> {
    while (!stopping) {
      try {
        return await startEmbeddedPostgres({ directory, log: say });
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        say(error.text); // Such as a full disk: the operator mends it while we wait.
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
    return undefined;
  }

  async function watch(): Promise<void> {
    for (;;) {
      const { code, signal } = await server.ended;
      if (stopping) return;
      say({ zh: `数据库意外退出(${signal ?? code}),正在重新启动`, en: `the database ended (${signal ?? code}), starting it again` });
      const next = await startAgain();
      if (next === undefined) return;
      server = next;
      say({ zh: '数据库已恢复', en: 'the database is back' });
    }
  }
  const watching = watch();

  return {
    url: (database) => server.url(database),
    stop: async () => {
      stopping = true;
      await server.stop();
      await watching;
      await server.stop(); // One that was just being started again.
    },
  };
}
