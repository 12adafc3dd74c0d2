/** One JSON line per event on standard output. Never personal data: callers pass codes and identifiers only. */
export type LogLevel = 'info' | 'warn' | 'error';

const quiet = process.env['HUZHENG_LOG'] === 'off';

export function log(level: LogLevel, message: string, facts: Record<string, unknown> = {}): void {
  if (quiet && level === 'info') return;
  process.stdout.write(`${JSON.stringify({ at: new Date().toISOString(), level, message, ...facts })}\n`);
}
