/** A table in which parcel handlers write what they did, so that a test can count effects. */
import Type from 'typebox';
import { parcelHandler, type ParcelHandlers } from '../../src/modules/exchange/index.ts';

export const notebookTable = `create schema notebook; grant usage on schema notebook to huzheng_app;
  create table notebook.note (position bigint generated always as identity, order_key text, text text, sequence bigint, attachments text[]);
  grant select, insert on notebook.note to huzheng_app;`;

/** Writes the note, unless its text tells it to fail. */
export const notebookHandlers: ParcelHandlers = {
  'sample.note': parcelHandler(Type.Object({ text: Type.String() }, { additionalProperties: false }), async (context, { text }, parcel) => {
    await context.query('insert into notebook.note (order_key, text, sequence, attachments) values ($1, $2, $3, $4)',
      [parcel.order_key, text, parcel.sequence, parcel.attachments.map((attachment) => attachment.sha256)]);
    if (text.startsWith('poison')) throw new Error(`cannot handle ${text}`);
  }),
};
