/** The bureau this system belongs to: its office hours, switches and limits, and the calendar they give. */
import type { Context } from '../../kernel/context.ts';
import { Refusal } from '../../kernel/refusal.ts';
import type { BureauFile } from './catalogue-files.ts';
import { remembered } from './remembered.ts';
import { workingCalendar, type ExceptionalDay, type WorkingCalendar } from './working-time.ts';

export type Bureau = BureauFile;

/** @throws Refusal reference.not_loaded */
export async function getBureau(context: Context): Promise<Bureau> {
  return remembered(context, 'bureau', async () => {
    const [bureau] = await context.query<Bureau>('select bureau, zh, en, province_code, office_hours, switches, limits from reference.bureau');
    if (bureau === undefined) throw new Refusal('reference.not_loaded');
    return bureau;
  });
}

/**
 * The working calendar of the bureau, for the functions of `working-time.ts`. Years for which no notice has been
 * issued follow the holidays of the law; years beyond those follow the week alone.
 * @throws Refusal reference.not_loaded
 */
export async function getCalendar(context: Context): Promise<WorkingCalendar> {
  return remembered(context, 'calendar', async () => {
    const { office_hours } = await getBureau(context);
    const days = await context.query<ExceptionalDay>('select day_on as "on", kind from reference.working_day order by day_on limit 10000');
    return workingCalendar(office_hours, days);
  });
}
