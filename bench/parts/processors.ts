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

type Times = readonly [run_ms: number, waited_ms: number];

/** A main thread's time on a processor and in line; nothing where the process has ended or the system does not count. */
function scheduleOf(process_id: number): Times | undefined {
  try {
    const [run, waited] = readFileSync(`/proc/${process_id}/schedstat`, 'utf8').split(' ');
    return [Number(run) / 1e6, Number(waited) / 1e6];
  } catch {
    return undefined;
  }
}

/** @returns times since each process began; all zero where the system does not count them */
export function meterOf(office_process: number, server_processes: readonly number[]): Meter {
  // What a process had used when it ended stays used.
  const last = new Map<number, Times>();
  const read = (process_id: number): Times => {
    const times = scheduleOf(process_id) ?? last.get(process_id) ?? [0, 0];
    last.set(process_id, times);
    return times;
  };
  return () => {
    const [office_ms, officeWaited] = read(office_process);
    let [server_ms, waited_ms] = [0, officeWaited + read(process.pid)[1]];
    for (const [run, waited] of server_processes.map(read)) {
      server_ms += run;
      waited_ms += waited;
    }
    return { office_ms, server_ms, waited_ms };
  };
}

export function between(before: ProcessorTimes, after: ProcessorTimes): ProcessorTimes {
  return { office_ms: after.office_ms - before.office_ms, server_ms: after.server_ms - before.server_ms, waited_ms: after.waited_ms - before.waited_ms };
}
