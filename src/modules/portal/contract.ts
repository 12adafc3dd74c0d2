/**
 * What citizens may do. Pages answer with a view and its data; every one works by links and forms
 * alone. What is typed is never checked here beyond its shape: a page tells every fault by itself and
 * keeps what was typed.
 */
import Type, { type TSchema } from 'typebox';
import { defineContract } from '../../kernel/operation.ts';

export type * from './pages.ts';

const closed = { additionalProperties: false } as const;
/** Fields of a form by their names on the page. */
const open = { additionalProperties: true } as const;
const Id = Type.String({ format: 'uuid' });
const Key = Type.String({ pattern: '^[a-z_]{1,40}$' });
const MaterialCode = Type.String({ pattern: '^M[0-9]{2}$' });
const ServiceCode = Type.String({ pattern: '^[0-9E][0-9]{3}$' });
/** Read aloud as 4 + 4; a space or hyphen between is nobody's fault. */
const ReceiptNo = Type.String({ maxLength: 20 });
const optionalText = (length: number): TSchema => Type.Optional(Type.String({ maxLength: length }));
const readByAll = 'guides, help and preferences are for everybody, signed in or not';

/** Photographs of one post together; each is limited on its own page. */
const uploadBytesMax = 32 * 1_048_576;

export const contract = defineContract({
  showHome: {
    method: 'GET', path: '/', permission: 'public', why_public: readByAll, rate_per_minute: 600,
    summary: { zh: '首页', en: 'Home' }, input: Type.Object({}, open), output: 'page',
  },
  listGuides: {
    method: 'GET', path: '/guide', permission: 'public', why_public: readByAll, rate_per_minute: 600,
    summary: { zh: '全部办事指南', en: 'All guides' }, input: Type.Object({}, open), output: 'page',
  },
  getGuide: {
    method: 'GET', path: '/guide/:service_code', permission: 'public', why_public: readByAll, rate_per_minute: 600,
    summary: { zh: '办事指南', en: 'Guide to a service' }, input: Type.Object({ service_code: ServiceCode }, open), output: 'page',
  },
  getLifeEvent: {
    method: 'GET', path: '/event/:life_event', permission: 'public', why_public: readByAll, rate_per_minute: 600,
    summary: { zh: '按人生事件找事项', en: 'Services for a life event' }, input: Type.Object({ life_event: Key }, open), output: 'page',
  },
  findService: {
    method: 'GET', path: '/find', permission: 'public', why_public: readByAll, rate_per_minute: 300,
    summary: { zh: '用自己的话找事项', en: 'Find a service in your own words' }, input: Type.Object({ q: Type.Optional(Type.String({ maxLength: 60 })) }, open), output: 'page',
  },
  showHelp: {
    method: 'GET', path: '/help', permission: 'public', why_public: readByAll, rate_per_minute: 600,
    summary: { zh: '帮助', en: 'Help' }, input: Type.Object({}, open), output: 'page',
  },
  showOfflineWays: {
    method: 'GET', path: '/offline-ways', permission: 'public', why_public: readByAll, rate_per_minute: 300,
    summary: { zh: '不上网也能办', en: 'Ways without the internet' }, input: Type.Object({ q: optionalText(60) }, open), output: 'page',
  },
  verifyPaper: {
    method: 'GET', path: '/verify', permission: 'public', why_public: 'whoever is shown a paper checks it by its number and code; nothing personal is told',
    summary: { zh: '核验文书', en: 'Check a paper' }, input: Type.Object({ number: Type.Optional(Type.String({ maxLength: 60 })), code: Type.Optional(Type.String({ maxLength: 40 })) }, open), output: 'page',
  },
  setPreferences: {
    method: 'GET', path: '/preferences', permission: 'public', why_public: readByAll, rate_per_minute: 300,
    summary: { zh: '语言与长辈版', en: 'Language and elder view' },
    input: Type.Object({ language: optionalText(2), elder: optionalText(3), back: optionalText(300) }, open), output: 'page',
  },

  startApplication: {
    method: 'GET', path: '/apply/:service_code', permission: 'citizen',
    summary: { zh: '开始前须知', en: 'Before you start' }, input: Type.Object({ service_code: ServiceCode }, open), output: 'page', purpose: 'self',
  },
  createDraft: {
    method: 'POST', path: '/apply/:service_code', permission: 'citizen',
    summary: { zh: '开始办理', en: 'Start an application' }, input: Type.Object({ service_code: ServiceCode }, open), output: 'page',
  },
  listApplications: {
    method: 'GET', path: '/applications', permission: 'citizen',
    summary: { zh: '我的办件', en: 'My applications' }, input: Type.Object({}, open), output: 'page', purpose: 'self',
  },
  getDraft: {
    method: 'GET', path: '/applications/:draft_id', permission: 'citizen',
    summary: { zh: '任务清单', en: 'Task list' }, input: Type.Object({ draft_id: Id }, open), output: 'page', purpose: 'self',
  },
  confirmDelete: {
    method: 'GET', path: '/applications/:draft_id/delete', permission: 'citizen',
    summary: { zh: '删除草稿前确认', en: 'Confirm deleting a draft' }, input: Type.Object({ draft_id: Id }, open), output: 'page', purpose: 'self',
  },
  deleteDraft: {
    method: 'POST', path: '/applications/:draft_id/delete', permission: 'citizen',
    summary: { zh: '删除草稿', en: 'Delete a draft' }, input: Type.Object({ draft_id: Id }, open), output: 'page',
  },
  getSection: {
    method: 'GET', path: '/applications/:draft_id/section/:section', permission: 'citizen',
    summary: { zh: '填写一页', en: 'One page of the form' }, input: Type.Object({ draft_id: Id, section: Key }, open), output: 'page', purpose: 'self',
  },
  saveSection: {
    method: 'POST', path: '/applications/:draft_id/section/:section', permission: 'citizen', secret: true,
    summary: { zh: '保存一页', en: 'Save one page of the form' }, input: Type.Object({ draft_id: Id, section: Key }, open), output: 'page',
  },
  keepSection: {
    method: 'POST', path: '/applications/:draft_id/section/:section/keep', permission: 'citizen', secret: true,
    summary: { zh: '自动保存', en: 'Keep what is typed so far' }, input: Type.Object({ draft_id: Id, section: Key }, open), output: Type.Object({ saved_at: Type.String() }),
  },
  suggestAddresses: {
    method: 'GET', path: '/address-suggestions', permission: 'citizen', rate_per_minute: 120,
    summary: { zh: '地址联想', en: 'Suggest addresses' },
    input: Type.Object({ area: Type.String({ pattern: '^[0-9]{6}$' }), query: Type.String({ maxLength: 60 }) }, closed),
    output: Type.Object({ addresses: Type.Array(Type.Object({ address_id: Type.String(), line: Type.String() })) }),
  },
  suggestAreas: {
    method: 'GET', path: '/area-suggestions', permission: 'citizen', rate_per_minute: 120,
    summary: { zh: '行政区划联想', en: 'Suggest divisions' },
    input: Type.Object({ query: Type.String({ maxLength: 60 }) }, closed),
    output: Type.Object({ areas: Type.Array(Type.Object({ code: Type.String(), full_name: Type.String() })) }),
  },
  getMaterial: {
    method: 'GET', path: '/applications/:draft_id/materials/:code', permission: 'citizen',
    summary: { zh: '提交一种材料', en: 'Settle one paper' }, input: Type.Object({ draft_id: Id, code: MaterialCode }, open), output: 'page', purpose: 'self',
  },
  saveMaterial: {
    method: 'POST', path: '/applications/:draft_id/materials/:code', permission: 'citizen', secret: true, upload_bytes_max: uploadBytesMax,
    summary: { zh: '保存材料', en: 'Save a paper' }, input: Type.Object({ draft_id: Id, code: MaterialCode }, open), output: 'page',
  },
  getUpload: {
    method: 'GET', path: '/uploads/:upload_id', permission: 'citizen',
    summary: { zh: '查看已上传的图片', en: 'See an uploaded picture' }, input: Type.Object({ upload_id: Id }, open), output: 'page', purpose: 'self',
  },
  getCheck: {
    method: 'GET', path: '/applications/:draft_id/check', permission: 'citizen',
    summary: { zh: '核对', en: 'Check your answers' }, input: Type.Object({ draft_id: Id }, open), output: 'page', purpose: 'self',
  },
  submitApplication: {
    method: 'POST', path: '/applications/:draft_id/check', permission: 'citizen', secret: true,
    summary: { zh: '提交申请', en: 'Submit an application' }, input: Type.Object({ draft_id: Id }, open), output: 'page',
  },

  getConfirmation: {
    method: 'GET', path: '/cases/:receipt_no/submitted', permission: 'citizen',
    summary: { zh: '提交成功', en: 'Submitted' }, input: Type.Object({ receipt_no: ReceiptNo }, open), output: 'page', purpose: 'self',
  },
  getCase: {
    method: 'GET', path: '/cases/:receipt_no', permission: 'citizen',
    summary: { zh: '办理进度', en: 'Track an application' }, input: Type.Object({ receipt_no: ReceiptNo }, open), output: 'page', purpose: 'self',
  },
  getCorrection: {
    method: 'GET', path: '/cases/:receipt_no/correct', permission: 'citizen',
    summary: { zh: '补正', en: 'Answer a correction list' }, input: Type.Object({ receipt_no: ReceiptNo }, open), output: 'page', purpose: 'self',
  },
  saveCorrection: {
    method: 'POST', path: '/cases/:receipt_no/correct', permission: 'citizen', secret: true, upload_bytes_max: uploadBytesMax,
    summary: { zh: '提交补正', en: 'Send the answers to a correction list' }, input: Type.Object({ receipt_no: ReceiptNo }, open), output: 'page',
  },
  confirmWithdraw: {
    method: 'GET', path: '/cases/:receipt_no/withdraw', permission: 'citizen',
    summary: { zh: '撤回前确认', en: 'Confirm taking an application back' }, input: Type.Object({ receipt_no: ReceiptNo }, open), output: 'page', purpose: 'self',
  },
  withdrawApplication: {
    method: 'POST', path: '/cases/:receipt_no/withdraw', permission: 'citizen', secret: true,
    summary: { zh: '撤回申请', en: 'Take an application back' }, input: Type.Object({ receipt_no: ReceiptNo }, open), output: 'page',
  },
  getNotice: {
    method: 'GET', path: '/cases/:receipt_no/notices/:document_id', permission: 'citizen',
    summary: { zh: '下载文书', en: 'Download a paper' }, input: Type.Object({ receipt_no: ReceiptNo, document_id: Id }, open), output: 'page', purpose: 'self',
  },

  getRecord: {
    method: 'GET', path: '/record', permission: 'citizen',
    summary: { zh: '我家的户口登记', en: 'My household in the register' }, input: Type.Object({}, open), output: 'page', purpose: 'self',
  },
  getAccessLog: {
    method: 'GET', path: '/record/access', permission: 'citizen',
    summary: { zh: '谁查看过我的信息', en: 'Who looked at my record' }, input: Type.Object({}, open), output: 'page', purpose: 'self',
  },
  askRecord: {
    method: 'POST', path: '/record/ask', permission: 'citizen',
    summary: { zh: '重新查询本人信息', en: 'Ask the register again' },
    input: Type.Object({ what: Type.Union([Type.Literal('household'), Type.Literal('access_log')]) }, open), output: 'page',
  },
  hasAnswer: {
    method: 'GET', path: '/record/answered', permission: 'citizen', rate_per_minute: 120,
    summary: { zh: '查询是否已有答复', en: 'Whether the register has answered' },
    input: Type.Object({ what: Type.Union([Type.Literal('household'), Type.Literal('access_log')]) }, closed), output: Type.Object({ answered: Type.Boolean() }),
  },
});
