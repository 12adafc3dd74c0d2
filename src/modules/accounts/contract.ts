/** What officers and administrators may call, and how citizens come in. */
import Type from 'typebox';
import { defineContract } from '../../kernel/operation.ts';

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()]);
const closed = { additionalProperties: false } as const;
const policeNumber = Type.String({ pattern: '^[0-9A-Za-z]{4,12}$', mend: { zh: '请填写警号,4 至 12 位数字或字母。', en: 'Enter the police number, 4 to 12 digits or letters.' } });
const orgCode = Type.String({ pattern: '^\\d{6}[0-9A-Z]{2}\\d{4}$', mend: { zh: '请从列表中选择单位。', en: 'Choose the unit from the list.' } });
const id = Type.String({ format: 'uuid' });
const day = Type.String({ format: 'date' });
const moment = Type.String({ format: 'date-time' });
const code = Type.String({ pattern: '^\\d{6}$', mend: { zh: '请输入 6 位数字的动态口令。', en: 'Enter the six digits of the one-time code.' } });
const label = Type.Object({ zh: Type.String(), en: Type.String() });

/** A credential as `@simplewebauthn/browser` gives it; the server library reads its inside. */
const credential = Type.Object({
  id: Type.String({ maxLength: 2000 }), rawId: Type.String({ maxLength: 2000 }), type: Type.Literal('public-key'),
  response: Type.Object({}, { additionalProperties: true }), clientExtensionResults: Type.Object({}, { additionalProperties: true }),
}, { additionalProperties: true });
const passkeyOptions = Type.Object({ options: Type.Unknown({ description: 'given to startRegistration or startAuthentication' }) });

/** A session has begun; its cookie is set. */
const signedIn = Type.Object({ expires_at: moment, idle_minutes: Type.Integer() });

const post = Type.Object({
  post_id: id, role: Type.String(), role_label: label, org_code: Type.String(), org_name: Type.String(),
  valid_from: day, valid_to: nullable(day), covering: Type.Boolean({ description: 'held for somebody on leave' }),
});

const beforeSignIn = 'somebody who signs in is not signed in yet';

export const contract = defineContract({
  signIn: {
    method: 'POST', path: '/api/accounts/sign-in', permission: 'public', why_public: beforeSignIn, secret: true,
    summary: { zh: '登录第一步:警号和口令', en: 'Sign in, first step: police number and password' },
    input: Type.Object({ police_number: policeNumber, password: Type.String({ minLength: 1, maxLength: 200 }) }, closed),
    output: Type.Object({
      challenge: Type.String({ description: 'proof of the first step, good for five minutes' }),
      methods: Type.Array(Type.Union([Type.Literal('code'), Type.Literal('passkey')])),
      expires_at: moment,
      demo_code: nullable(Type.String({ description: 'demonstration only: the one-time code that a phone would show' })),
      demo_wait_seconds: Type.Integer({ description: 'demonstration only: the code is good after so many seconds, because newer ones are spent' }),
    }),
  },
  verifyCode: {
    method: 'POST', path: '/api/accounts/sign-in/code', permission: 'public', why_public: beforeSignIn, secret: true,
    summary: { zh: '登录第二步:动态口令', en: 'Sign in, second step: one-time code' },
    input: Type.Object({ challenge: Type.String({ maxLength: 100 }), code }, closed),
    output: signedIn,
  },
  getPasskeyOptions: {
    method: 'POST', path: '/api/accounts/sign-in/passkey-options', permission: 'public', why_public: beforeSignIn, secret: true,
    summary: { zh: '登录第二步:通行密钥的挑战值', en: 'Sign in, second step: challenge for a passkey' },
    input: Type.Object({ challenge: Type.String({ maxLength: 100 }) }, closed),
    output: passkeyOptions,
  },
  verifyPasskey: {
    method: 'POST', path: '/api/accounts/sign-in/passkey', permission: 'public', why_public: beforeSignIn, secret: true,
    summary: { zh: '登录第二步:通行密钥', en: 'Sign in, second step: passkey' },
    input: Type.Object({ challenge: Type.String({ maxLength: 100 }), response: credential }, closed),
    output: signedIn,
  },
  signInByCertificate: {
    method: 'POST', path: '/api/accounts/sign-in/certificate', permission: 'public', why_public: beforeSignIn, secret: true,
    summary: { zh: '数字证书登录(证书介质与 PIN 即两个因素)', en: 'Sign in by client certificate (device and PIN are the two factors)' },
    input: Type.Object({}, closed),
    output: signedIn,
  },
  enrol: {
    method: 'POST', path: '/api/accounts/enrolments', permission: 'public', why_public: beforeSignIn, secret: true, rate_per_minute: 10,
    summary: { zh: '凭启用码启用账户:自设口令,领取动态口令密钥', en: 'Open an account by its enrolment code: choose a password, receive the secret for one-time codes' },
    input: Type.Object({ police_number: policeNumber, enrolment_code: Type.String({ maxLength: 60 }), password: Type.String({ minLength: 10, maxLength: 200 }) }, closed),
    output: Type.Object({ totp_secret: Type.String(), totp_uri: Type.String() }),
  },
  signOut: {
    method: 'POST', path: '/api/accounts/sign-out', permission: 'officer',
    summary: { zh: '退出', en: 'Sign out' }, input: Type.Object({}, closed), output: 'nothing',
  },
  me: {
    method: 'GET', path: '/api/accounts/me', permission: 'officer',
    summary: { zh: '本人、岗位和权限', en: 'Myself, my post and my rights' },
    input: Type.Object({}, closed),
    output: Type.Object({
      officer_id: id, name: Type.String(), police_number: Type.String(), kind: Type.String(), post,
      org_level: Type.String(), permissions: Type.Array(Type.Object({ act: Type.String(), services: Type.Array(Type.String()) })),
      other_posts: Type.Array(post), covered_by: Type.Array(Type.Object({ name: Type.String(), valid_from: day, valid_to: day })),
      passkeys: Type.Array(Type.Object({ credential_id: Type.String(), label: Type.String(), added_at: moment, last_used_at: nullable(moment) })),
      expires_at: moment, idle_minutes: Type.Integer(),
    }),
  },
  switchPost: {
    method: 'POST', path: '/api/accounts/me/post', permission: 'officer',
    summary: { zh: '切换岗位', en: 'Act in another post of mine' }, input: Type.Object({ post_id: id }, closed), output: signedIn,
  },
  getConfirmationOptions: {
    method: 'POST', path: '/api/accounts/me/confirmation-options', permission: 'officer', secret: true,
    summary: { zh: '再次验证本人:通行密钥的挑战值', en: 'Prove yourself again: challenge for a passkey' }, input: Type.Object({}, closed), output: passkeyOptions,
  },
  confirm: {
    method: 'POST', path: '/api/accounts/me/confirmation', permission: 'officer', secret: true, rate_per_minute: 10,
    summary: { zh: '再次验证本人:动态口令或通行密钥', en: 'Prove yourself again by one-time code or passkey' },
    input: Type.Object({ code: Type.Optional(code), response: Type.Optional(credential) }, closed),
    output: Type.Object({ confirmed_until: moment }),
  },
  getPasskeyRegistration: {
    method: 'POST', path: '/api/accounts/me/passkeys/options', permission: 'officer', secret: true,
    summary: { zh: '登记通行密钥:挑战值', en: 'Register a passkey: challenge' }, input: Type.Object({}, closed), output: passkeyOptions,
  },
  addPasskey: {
    method: 'POST', path: '/api/accounts/me/passkeys', permission: 'officer', secret: true,
    summary: { zh: '登记通行密钥', en: 'Register a passkey' },
    input: Type.Object({ label: Type.String({ minLength: 1, maxLength: 40 }), response: credential }, closed),
    output: Type.Object({ credential_id: Type.String() }),
  },
  removePasskey: {
    method: 'POST', path: '/api/accounts/me/passkeys/remove', permission: 'officer',
    summary: { zh: '删除通行密钥', en: 'Remove a passkey' }, input: Type.Object({ credential_id: Type.String({ maxLength: 2000 }) }, closed), output: 'nothing',
  },

  listRoles: {
    method: 'GET', path: '/api/accounts/roles', permission: 'officer',
    summary: { zh: '岗位角色', en: 'Roles' }, input: Type.Object({}, closed),
    output: Type.Object({ roles: Type.Array(Type.Object({ role: Type.String(), label, level: Type.String(), duty: Type.String(), kinds: Type.Array(Type.String()) })) }),
  },
  listOfficers: {
    method: 'GET', path: '/api/accounts/officers', permission: 'accounts.list_officers',
    summary: { zh: '本辖区人员与任职', en: 'Staff of my jurisdiction and their posts' },
    input: Type.Object({
      text: Type.Optional(Type.String({ maxLength: 40, description: 'beginning of police number, or part of the name' })),
      after: Type.Optional(Type.String({ maxLength: 12, description: 'police number of the last row of the page before' })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: '50 when left out' })),
    }, closed),
    output: Type.Object({
      officers: Type.Array(Type.Object({
        officer_id: id, police_number: Type.String(), name: Type.String(), kind: Type.String(), status: Type.String(), org_code: Type.String(),
        posts: Type.Array(Type.Object({ post_id: id, role: Type.String(), role_label: label, org_code: Type.String(), valid_from: day, valid_to: nullable(day) })),
      })),
      next: nullable(Type.String()),
    }),
  },
  registerOfficer: {
    method: 'POST', path: '/api/accounts/officers', permission: 'accounts.manage_officers', secret: true,
    summary: { zh: '建立账户,发放启用码', en: 'Open an account and give out its enrolment code' },
    input: Type.Object({
      police_number: policeNumber, name: Type.String({ minLength: 2, maxLength: 40 }), kind: Type.Union([Type.Literal('police'), Type.Literal('auxiliary')]),
      phone: Type.Optional(Type.String({ pattern: '^1\\d{10}$' })), org_code: orgCode,
    }, closed),
    output: Type.Object({ officer_id: id, enrolment_code: Type.String(), expires_at: moment }),
  },
  renewEnrolment: {
    method: 'POST', path: '/api/accounts/officers/:officer_id/enrolment', permission: 'accounts.manage_officers', secret: true,
    summary: { zh: '重发启用码:作废原口令、密钥和会话', en: 'Give out a new enrolment code: password, keys and sessions become void' },
    input: Type.Object({ officer_id: id }, closed),
    output: Type.Object({ enrolment_code: Type.String(), expires_at: moment }),
  },
  endService: {
    method: 'POST', path: '/api/accounts/officers/:officer_id/end', permission: 'accounts.manage_officers',
    summary: { zh: '登记离职:任职、代班、证书和会话立即终止', en: 'Record that somebody leaves: posts, cover, certificates and sessions end at once' },
    input: Type.Object({ officer_id: id }, closed), output: 'nothing',
  },
  addCertificate: {
    method: 'POST', path: '/api/accounts/officers/:officer_id/certificates', permission: 'accounts.manage_officers',
    summary: { zh: '登记数字证书', en: 'Register a client certificate' },
    input: Type.Object({ officer_id: id, certificate: Type.String({ maxLength: 20_000, description: 'PEM' }) }, closed),
    output: Type.Object({ fingerprint: Type.String(), subject: Type.String(), valid_to: moment }),
  },
  revokeCertificate: {
    method: 'POST', path: '/api/accounts/officers/:officer_id/certificates/revoke', permission: 'accounts.manage_officers',
    summary: { zh: '停用数字证书', en: 'Revoke a client certificate' },
    input: Type.Object({ officer_id: id, fingerprint: Type.String({ pattern: '^[0-9a-f]{64}$' }) }, closed), output: 'nothing',
  },
  assignPost: {
    method: 'POST', path: '/api/accounts/posts', permission: 'accounts.manage_posts',
    summary: { zh: '任职', en: 'Give a post' },
    input: Type.Object({ officer_id: id, role: Type.String({ maxLength: 40 }), org_code: orgCode, valid_from: day, valid_to: Type.Optional(day), document_no: Type.Optional(Type.String({ maxLength: 60 })) }, closed),
    output: Type.Object({ post_id: id }),
  },
  endPost: {
    method: 'POST', path: '/api/accounts/posts/:post_id/end', permission: 'accounts.manage_posts',
    summary: { zh: '免职:权限和会话随即终止', en: 'End a post: rights and sessions end with it' },
    input: Type.Object({ post_id: id, valid_to: Type.Optional(Type.String({ format: 'date', description: 'first day without the post; today when left out' })) }, closed), output: 'nothing',
  },
  grantLeaveCover: {
    method: 'POST', path: '/api/accounts/posts/:post_id/covers', permission: 'accounts.grant_leave_cover',
    summary: { zh: '请假代班', en: 'Let somebody cover a post during leave' },
    input: Type.Object({ post_id: id, officer_id: id, valid_from: day, valid_to: day, document_no: Type.String({ minLength: 1, maxLength: 60 }) }, closed),
    output: Type.Object({ cover_id: id }),
  },
  listLeaveCovers: {
    method: 'GET', path: '/api/accounts/covers', permission: 'accounts.grant_leave_cover',
    summary: { zh: '代班情况', en: 'Leave cover, present and to come' },
    input: Type.Object({}, closed),
    output: Type.Object({
      covers: Type.Array(Type.Object({
        cover_id: id, post_id: id, role_label: label, org_code: Type.String(), absent_name: Type.String(), officer_id: id, officer_name: Type.String(), valid_from: day, valid_to: day,
        document_no: Type.String(), in_force: Type.Boolean(),
      })),
    }),
  },
  endLeaveCover: {
    method: 'POST', path: '/api/accounts/covers/:cover_id/end', permission: 'accounts.grant_leave_cover',
    summary: { zh: '提前终止代班', en: 'End leave cover before its time' }, input: Type.Object({ cover_id: id }, closed), output: 'nothing',
  },
  listAudit: {
    method: 'GET', path: '/api/accounts/audit', permission: 'accounts.read_audit',
    summary: { zh: '审计台账', en: 'Audit trail' },
    input: Type.Object({
      from: Type.Optional(moment), to: Type.Optional(moment), actor_id: Type.Optional(Type.String({ maxLength: 60 })), operation: Type.Optional(Type.String({ maxLength: 80 })),
      case_id: Type.Optional(id), before: Type.Optional(id), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: '100 when left out' })),
    }, closed),
    output: Type.Object({
      records: Type.Array(Type.Object({
        audit_id: id, at: moment, actor_kind: Type.String(), actor_id: nullable(Type.String()), org_code: nullable(Type.String()), post: nullable(Type.String()),
        operation: Type.String(), case_id: nullable(id), request_id: nullable(Type.String()), input_digest: nullable(Type.String()), detail: Type.Object({}, { additionalProperties: true }),
      })),
      next: nullable(id),
    }),
  },
});

/** A citizen's sign-in ends after so long without a request. */
export const citizenIdleMinutes = 30;

export const citizenContract = defineContract({
  signIn: {
    method: 'GET', path: '/sign-in', permission: 'public', why_public: beforeSignIn,
    summary: { zh: '群众登录:前往国家身份认证', en: 'Citizens sign in: on to the state identity service' },
    input: Type.Object({ next: Type.Optional(Type.String({ maxLength: 500, description: 'page of this site to return to' })) }),
    output: 'page',
  },
  finishSignIn: {
    method: 'GET', path: '/sign-in/callback', permission: 'public', why_public: beforeSignIn,
    summary: { zh: '群众登录:从国家身份认证返回', en: 'Citizens sign in: back from the state identity service' },
    // The identity service may add parameters of its own.
    input: Type.Object({}, { additionalProperties: Type.String({ maxLength: 2000 }) }),
    output: 'page',
  },
  signOut: {
    method: 'POST', path: '/sign-out', permission: 'public', why_public: 'leaving must work after the session has ended, too',
    summary: { zh: '群众退出', en: 'Citizens sign out' }, input: Type.Object({}, closed), output: 'page',
  },
  keepSession: {
    method: 'GET', path: '/session', permission: 'citizen', rate_per_minute: 120,
    summary: { zh: '群众仍在填写', en: 'A citizen is still there' }, input: Type.Object({}, closed),
    // Asking is a sign of life: idle time begins anew, the longest time of a sign-in does not.
    output: Type.Object({ seconds_left: Type.Integer() }),
  },
});
