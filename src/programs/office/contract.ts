/** What the workstation asks before anybody has signed in. */
import Type from 'typebox';
import { defineContract } from '../../kernel/operation.ts';

const TextSchema = Type.Object({ zh: Type.String(), en: Type.String() });

export const contract = defineContract({
  getSetup: {
    method: 'GET', path: '/api/office/setup', permission: 'public', why_public: 'The sign-in page shows whose workstation this is and whether its data are made up.', rate_per_minute: 600,
    summary: { zh: '工作台设置', en: 'Setting of the workstation' },
    input: Type.Object({}, { additionalProperties: false }),
    output: Type.Object({
      /** Where the bridge to card reader and camera listens on the officer's own computer; null where none are used. */
      reader_bridge: Type.Union([Type.String(), Type.Null()]),
      demo: Type.Boolean(), bureau: TextSchema, languages: Type.Array(Type.String()),
      /** Purposes that an officer may state for reading a person. */
      purposes: Type.Array(Type.Object({ code: Type.String(), label: TextSchema, needs_note: Type.Boolean() })),
    }),
  },
});
