/** Whom we may ask, and what each may be asked: the data-sharing contracts. A contract names its version, so that an answer can be read in ten years. */
import type { Text } from '../../kernel/operation.ts';

interface SourceDeclaration extends Text {
  /** As the provincial gateway names it. */
  code: string;
  contract_version: number;
  /** What it can be asked; each is one form of question in the contract. */
  matters: readonly string[];
}

export const sources = {
  health_birth: { zh: '卫健部门(出生医学证明)', en: 'Health (birth certificates)', code: 'HEALTH_BIRTH', contract_version: 1, matters: ['birth_certificate'] },
  health_death: { zh: '卫健部门(死亡医学证明)', en: 'Health (death certificates)', code: 'HEALTH_DEATH', contract_version: 1, matters: ['death_certificate'] },
  funeral: { zh: '民政部门(殡葬)', en: 'Civil affairs (funerals)', code: 'FUNERAL', contract_version: 1, matters: ['funeral'] },
  marriage: { zh: '民政部门(婚姻登记)', en: 'Civil affairs (marriage register)', code: 'MARRIAGE', contract_version: 1, matters: ['marriage', 'divorce'] },
  adoption: { zh: '民政部门(收养登记)', en: 'Civil affairs (adoptions)', code: 'ADOPTION', contract_version: 1, matters: ['adoption', 'welfare_admission'] },
  court: { zh: '人民法院', en: 'Courts', code: 'COURT', contract_version: 1, matters: ['judgment'] },
  notary: { zh: '公证机构', en: 'Notaries', code: 'NOTARY', contract_version: 1, matters: ['deed'] },
  exit_entry: { zh: '出入境管理部门', en: 'Exit and entry administration', code: 'EXITENTRY', contract_version: 1, matters: ['travel_document', 'settlement', 'nationality'] },
  ethnic_affairs: { zh: '民族工作部门', en: 'Ethnic affairs', code: 'ETHNIC', contract_version: 1, matters: ['approval'] },
  education_enrolment: { zh: '教育部门(录取)', en: 'Education (admissions)', code: 'EDU_ENROLL', contract_version: 1, matters: ['enrolment'] },
  education_graduation: { zh: '教育部门(学历学位)', en: 'Education (graduation and degrees)', code: 'EDU_GRAD', contract_version: 1, matters: ['graduation'] },
  human_resources: { zh: '人社部门', en: 'Human resources and social security', code: 'HRSS', contract_version: 1, matters: ['employment', 'insurance', 'qualification'] },
  real_estate: { zh: '不动产登记、住建部门', en: 'Real estate and housing', code: 'REALESTATE', contract_version: 1, matters: ['title', 'purchase', 'lease'] },
  organisation: { zh: '市场监管、编制部门', en: 'Organisation register', code: 'ORG', contract_version: 1, matters: ['organisation'] },
  veterans: { zh: '退役军人事务部门', en: 'Veterans affairs', code: 'VETERANS', contract_version: 1, matters: ['discharge'] },
  military: { zh: '兵役机关', en: 'Military recruitment', code: 'MILITARY', contract_version: 1, matters: ['enlistment'] },
  national_population: { zh: '全国人口信息平台', en: 'National population platform', code: 'NATPOP', contract_version: 1, matters: ['identity', 'no_other_registration', 'not_missing', 'number_problem'] },
  // One face against the photograph on one's own document and one finger against one's own template; there is no search among many.
  face: { zh: '人像一比一核验', en: 'Portrait comparison, one to one', code: 'FACE', contract_version: 1, matters: ['same_person'] },
  fingerprint: { zh: '指纹一比一核验', en: 'Fingerprint comparison, one to one', code: 'FINGER', contract_version: 1, matters: ['same_person'] },
  incident: { zh: '接处警登记', en: 'Incident register', code: 'INCIDENT', contract_version: 1, matters: ['unnatural_death'] },
} as const satisfies Record<string, SourceDeclaration>;

export type SourceName = keyof typeof sources;

export const isSource = (name: string): name is SourceName => Object.hasOwn(sources, name);

/** As it is written on questions and answers, such as `HEALTH_BIRTH/1`. */
export const contractOf = (source: SourceName): string => `${sources[source].code}/${sources[source].contract_version}`;
