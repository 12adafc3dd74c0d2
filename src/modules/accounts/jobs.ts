import type { Job } from '../../kernel/index.ts';

/** Logs of sign-ins are kept six months at least (Cybersecurity Law, article 21). */
const keepMonths = 7;

export const officerJobs: readonly Job[] = [{
  name: 'accounts.forget_old_sign_ins', every_seconds: 3600,
  async run(context) {
    await context.query('delete from accounts.sign_in_challenge where expires_at < $1', [context.now]);
    await context.query('delete from accounts.sign_in_attempt where at < $1::timestamptz - make_interval(months => $2)', [context.now, keepMonths]);
  },
}];

export const citizenJobs: readonly Job[] = [{
  name: 'accounts.forget_old_sessions', every_seconds: 3600,
  async run(context) {
    await context.query('delete from accounts.citizen_session where expires_at < $1::timestamptz - make_interval(months => $2)', [context.now, keepMonths]);
  },
}];
