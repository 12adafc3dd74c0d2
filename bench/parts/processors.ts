/**
 * Time on processors and in line for one. On a machine that does other work, too, the line is most of a request's time;
 * Linux counts it for every thread, so what a quiet machine would have taken can be told apart.
 */
import { readFileSync } from 'node:fs';

export interface ProcessorTimes {
  /** Milliseconds on a processor: the office's main thread, and all its connections' servers. */
  office_ms: number;
  server_ms: number;
  /** Milliseconds ready to run while others had the processors: both of these and the measurement itself. */
  waited_ms: number;
}

export type Meter = () => ProcessorTimes;

/** A thread's time on a processor and in line, in milliseconds. One that has ended has none. */
function schedule(process_id: number): [run: number, waited: number] {
  try {
    const [run, waited] = readFileSync(`/proc/${process_id}/schedstat`, 'utf8').split(' ');
    return [Number(run) / 1e6, Number(waited) / 1e6];
  } catch {
    return [0, 0];
  }
}

/** @returns times since each process began; all zero where the system does not count them */
export function meterOf(office_process: number, server_processes: readonly number[]): Meter {
  return () => {
    const [office_ms, officeWaited] = schedule(office_process);
    const servers = server_processes.map(schedule);
    const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
    return { office_ms, server_ms: sum(servers.map(([run]) => run)), waited_ms: officeWaited + sum(servers.map(([, waited]) => waited)) + schedule(process.pid)[1] };
  };
}

export function between(before: ProcessorTimes, after: ProcessorTimes): ProcessorTimes {
  return { office_ms: after.office_ms - before.office_ms, server_ms: after.server_ms - before.server_ms, waited_ms: after.waited_ms - before.waited_ms };
}
