/** Papers of moves between provinces as an officer sees them: found by number, listed by station; and what the nightly pairing found. */
import Type, { type Static } from 'typebox';
import { defineContract } from '../../kernel/operation.ts';

const Strict = { additionalProperties: false };
const OrNull = (schema: ReturnType<typeof Type.String>) => Type.Union([schema, Type.Null()]);
const Number = Type.String({ pattern: '^[A-Z0-9-]{8,30}$', mend: { zh: '编号为 8–30 位大写字母、数字或“-”,请照证件填写。', en: 'A number has 8 to 30 capital letters, digits or “-”; enter it as on the paper.' } });
const State = Type.String({ description: 'issued | expired | consumed | void | returned' });

export const PaperRow = Type.Object({
  number: Type.String(), kind: Type.String({ description: 'move_in_permit | migration_certificate' }), is_ours: Type.Boolean(), other_province: Type.String(),
  issued_on: Type.String(), valid_until_on: Type.String(), state: State, movers: Type.Integer(), station_code: Type.String(), case_id: OrNull(Type.String()),
});
export const PaperView = Type.Object({
  number: Type.String(), kind: Type.String(), is_ours: Type.Boolean(), issuer_province: Type.String(), other_province: Type.String(), station_code: Type.String(), case_id: OrNull(Type.String()),
  permit_number: OrNull(Type.String()), reason: Type.String(), from_area: OrNull(Type.String()), to_area: OrNull(Type.String()), to_address: OrNull(Type.String()),
  issued_on: Type.String(), valid_until_on: Type.String(), state: State, state_at: Type.String(),
  movers: Type.Array(Type.Object({
    /** Null for somebody whom our register does not know. */
    person_id: OrNull(Type.String()), name: Type.String(), id_number_masked: Type.String(), sex: Type.String(), birth_on: Type.String(), relation: Type.String(),
  }, { subject: 'person_id', fields: 'move' })),
  messages: Type.Array(Type.Object({ kind: Type.String(), state: Type.String({ description: 'waiting | accepted | refused' }), created_at: Type.String(), receipt_no: OrNull(Type.String()), last_error: OrNull(Type.String()) })),
});
export type PaperViewData = Static<typeof PaperView>;

export const AlarmRow = Type.Object({
  alarm_id: Type.String(), rule: Type.String({ description: 'in_transit_too_long (QR-072) | in_two_registers (QR-073) | legs_unpaired (QR-074)' }), number: Type.String(), station_code: Type.String(),
  movers: Type.Integer(), opened_at: Type.String(),
});

export const contract = defineContract({
  listPapers: {
    method: 'GET', path: '/api/permits/papers', permission: 'permits.list_papers', summary: { zh: '列出准迁证、迁移证', en: 'List permits and certificates' },
    input: Type.Object({
      state: Type.Optional(Type.Enum(['issued', 'expired', 'consumed', 'void', 'returned'])), after: Type.Optional(Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}_[0-9a-f-]{36}$' })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 30 })),
    }, Strict),
    output: Type.Object({ papers: Type.Array(PaperRow), next: OrNull(Type.String()) }),
  },
  getPaper: {
    method: 'GET', path: '/api/permits/papers/:number', permission: 'permits.get_paper', purpose: 'stated', summary: { zh: '查看准迁证、迁移证', en: 'Read a permit or certificate' },
    input: Type.Object({ number: Number }, Strict), output: PaperView,
  },
  fetchPaper: {
    method: 'POST', path: '/api/permits/papers/:number/fetch', permission: 'permits.get_paper', summary: { zh: '从全国迁移网络调取证件', en: 'Fetch a paper from the national network' },
    input: Type.Object({ number: Number }, Strict), output: Type.Object({ number: Type.String() }),
  },
  listAlarms: {
    method: 'GET', path: '/api/permits/alarms', permission: 'permits.close_alarm', summary: { zh: '列出迁移配对告警', en: 'List alarms of the pairing' },
    input: Type.Object({}, Strict), output: Type.Object({ alarms: Type.Array(AlarmRow) }),
  },
  closeAlarm: {
    method: 'POST', path: '/api/permits/alarms/:alarm_id/close', permission: 'permits.close_alarm', summary: { zh: '填写核查结果并关闭告警', en: 'State what was found and close an alarm' },
    input: Type.Object({ alarm_id: Type.String({ format: 'uuid' }), finding: Type.String({ minLength: 4, maxLength: 500 }) }, Strict), output: Type.Object({ alarm_id: Type.String() }),
  },
});
