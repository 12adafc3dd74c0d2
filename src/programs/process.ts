/** How a program learns its network and when to stop. */
import type { Network } from '../kernel/index.ts';

/** `--network police|internet`, or HUZHENG_NETWORK. @throws Error saying how to mend it */
export function networkOf(argv: readonly string[], env: NodeJS.ProcessEnv): Network {
  const at = argv.indexOf('--network');
  const wanted = at >= 0 ? argv[at + 1] : env['HUZHENG_NETWORK'];
  if (wanted !== 'police' && wanted !== 'internet') throw new Error('请指定网络:--network police 或 --network internet · say which network: --network police or --network internet');
  return wanted;
}

/** Ctrl-C, a service manager's signal, or the end of the supervisor: stop once, in order, and leave. */
export function whenAskedToStop(stop: () => Promise<void>): void {
  let stopping = false;
  const leave = (): void => {
    if (stopping) return;
    stopping = true;
    // What does not end by itself within the time is ended: the database keeps only what was committed.
    setTimeout(() => process.exit(1), 10_000).unref();
    void stop().then(() => process.exit(0), () => process.exit(1));
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, leave);
  process.on('disconnect', leave);
}
