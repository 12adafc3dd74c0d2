/** The words for names that the catalogue uses. Tables by name: a name without words does not compile, or fails the check. */
import type { Text } from '../../kernel/operation.ts';
import type { ApplicantName, CancellingFact, ChannelName, ConditionName, Level, PaperName, RouteStep, Service } from './service.ts';

export const applicantWords: Record<ApplicantName, Text> = {
  self: { zh: '本人', en: 'The person concerned' },
  father: { zh: '父亲', en: 'The father' },
  mother: { zh: '母亲', en: 'The mother' },
  parent: { zh: '父母', en: 'A parent' },
  guardian: { zh: '监护人', en: 'The guardian' },
  spouse: { zh: '配偶', en: 'The spouse' },
  head: { zh: '户主', en: 'The head of the household' },
  relative: { zh: '近亲属', en: 'A close relative' },
  carer: { zh: '抚养人、赡养人', en: 'Whoever cares for the person' },
  adopter: { zh: '收养人', en: 'The adopter' },
  owner: { zh: '房屋产权人', en: 'The owner of the dwelling' },
  agent: { zh: '受委托的人(凭委托书)', en: 'An agent with a written mandate' },
  unit: { zh: '单位', en: 'The employer or unit' },
  school: { zh: '学校', en: 'The school' },
  welfare_institution: { zh: '社会福利机构', en: 'The welfare institution' },
  village_committee: { zh: '村(居)民委员会', en: 'The village or residents’ committee' },
  military_office: { zh: '兵役机关', en: 'The recruitment office' },
  veterans_office: { zh: '退役军人事务部门', en: 'The veterans’ office' },
  lawyer: { zh: '律师(凭介绍信)', en: 'A lawyer with a letter of the firm' },
  agency: { zh: '依法履行公务的国家机关', en: 'An authority on official duty' },
  police_ex_officio: { zh: '公安机关依职权', en: 'The police ex officio' },
};

export const channelWords: Record<ChannelName, Text> = {
  online_full: { zh: '网上全程办理,不用跑', en: 'Entirely online' },
  online_precheck: { zh: '网上申请预审,带原件跑一次', en: 'Checked online, one visit with the originals' },
  booking: { zh: '预约到窗口办理', en: 'At the counter by appointment' },
  window: { zh: '派出所户籍窗口', en: 'At the counter of a police station' },
  self_service: { zh: '自助终端', en: 'At a self-service terminal' },
  cross_province: { zh: '在外省也可以申请', en: 'From another province too' },
  ex_officio: { zh: '公安机关依职权办理', en: 'Started by the police' },
};

/** When a paper is asked for. Conditions on questions need no words: the page asks or does not. */
export const conditionWords: Partial<Record<ConditionName, Text>> = {
  housing_is_owned: { zh: '落户在自有房屋的才要', en: 'Only if you settle in a dwelling of your own' },
  title_is_not_issued_yet: { zh: '产权证还没办下来的才要', en: 'Only if the title is not issued yet' },
  housing_is_rented: { zh: '落户在租赁住房的才要', en: 'Only if you settle in a rented dwelling' },
  housing_of_another: { zh: '落户在亲属或他人房屋的才要', en: 'Only if you settle in the dwelling of somebody else' },
  joins_household: { zh: '加入已有的户的才要', en: 'Only if you join a household that is there' },
  reason_is_spouse: { zh: '因夫妻投靠或结婚迁移的才要', en: 'Only if you move to join your spouse' },
  reason_is_kin: { zh: '因投靠亲属迁移的才要', en: 'Only if you move to join relatives' },
  settles_in_collective: { zh: '落单位集体户的才要', en: 'Only if you settle in the collective household of a unit' },
  works_there: { zh: '落到工作单位的才要', en: 'Only if you settle at your workplace' },
  talent_by_degree: { zh: '凭学历、学位落户的才要', en: 'Only if you settle by degree' },
  talent_by_title: { zh: '凭职称、职业资格落户的才要', en: 'Only if you settle by title or qualification' },
  enrols: { zh: '考上学校迁出的才要', en: 'Only if you leave for school' },
  graduates: { zh: '毕业迁出的才要', en: 'Only if you leave after graduation' },
  paper_is_lost: { zh: '证件丢失的才要', en: 'Only if the paper was lost' },
  paper_is_expired_or_damaged: { zh: '证件过期或损坏的才要', en: 'Only if the paper has expired or is damaged' },
  certificate_is_on_paper: { zh: '持纸质迁移证的才要', en: 'Only if the migration certificate is on paper' },
  minor_follows_one_divorced_parent: { zh: '父母离婚、未成年子女随其中一方迁移的才要', en: 'Only if a minor moves with or to one of two divorced parents' },
  parents_are_married: { zh: '父母已登记结婚的才要', en: 'Only if the parents are married' },
  parents_are_not_married: { zh: '父母没有登记结婚的才要', en: 'Only if the parents are not married' },
  parents_are_divorced: { zh: '父母离婚的才要', en: 'Only if the parents are divorced' },
  unmarried_and_follows_father: { zh: '父母没有登记结婚、孩子随父亲落户的才要', en: 'Only if the parents are not married and the child is registered with the father' },
  parentage_is_in_doubt: { zh: '没有登记结婚、孩子随父亲落户,或者孩子已满六周岁的才要', en: 'Only if unmarried parents register the child with the father, or the child is six or older' },
  follows_grandparent: { zh: '随祖父母、外祖父母落户的才要', en: 'Only if the child is registered with grandparents' },
  parents_differ_in_ethnicity: { zh: '父母民族不同的才要', en: 'Only if the parents belong to different ethnic groups' },
  adoption_is_registered: { zh: '登记收养的才要', en: 'Only for a registered adoption' },
  adoption_is_notarised: { zh: '公证的事实收养才要', en: 'Only for a notarised de facto adoption' },
  death_by_medical_certificate: { zh: '有死亡医学证明的交这个', en: 'If there is a medical certificate' },
  death_by_police_certificate: { zh: '有非正常死亡证明的交这个', en: 'If there is a police certificate' },
  death_abroad: { zh: '在国(境)外死亡的才要', en: 'Only for a death abroad' },
  death_otherwise_proved: { zh: '没有前几种证明的才要', en: 'Only if there is none of the others' },
  settles_in_hk_macao_taiwan: { zh: '去港澳台定居的才要', en: 'Only for Hong Kong, Macao and Taiwan' },
  settles_abroad: { zh: '去国外定居的才要', en: 'Only for other countries' },
  foreign_nationality_acquired: { zh: '加入外国国籍的才要', en: 'Only if a foreign nationality was taken' },
  nationality_renounced: { zh: '经批准退出中国国籍的才要', en: 'Only for an approved renunciation' },
  death_was_revoked: { zh: '宣告死亡判决被撤销的才要', en: 'Only if the declaration of death was revoked' },
  subject_is_minor: { zh: '未满 18 周岁的才要', en: 'Only for those under eighteen' },
  splits_by_property: { zh: '因分家析产分户的才要', en: 'Only for a split by property' },
  splits_by_marriage: { zh: '因结婚分户的才要', en: 'Only for a split by marriage' },
  splits_by_divorce: { zh: '因离婚分户的才要', en: 'Only for a split by divorce' },
  splits_by_rent: { zh: '租有公有住房分户的才要', en: 'Only for a split into public rental housing' },
  collective_is_kept: { zh: '设立、变更集体户的才要', en: 'Only for founding or changing a collective household' },
  dwelling_was_sold: { zh: '房屋已转让的才要', en: 'Only if the dwelling was sold' },
  subject_is_under_sixteen: { zh: '未满 16 周岁的才要', en: 'Only for those under sixteen' },
  card_is_first: { zh: '首次申领的才要', en: 'Only for a first card' },
  card_is_renewed: { zh: '换领的才要', en: 'Only for a renewal' },
  card_is_lost: { zh: '证件丢失的才要', en: 'Only if the card was lost' },
  booklet_is_lost: { zh: '户口簿丢失的才要', en: 'Only if the booklet was lost' },
  acts_by_mandate: { zh: '委托他人办理的才要', en: 'Only if somebody acts for you' },
  queries_for_another: { zh: '查询他人档案的才要', en: 'Only for the file of somebody else' },
  permit_is_new: { zh: '首次申领的才要', en: 'Only for the first issue' },
  permit_is_replaced: { zh: '换领、补领的才要', en: 'Only for renewal or replacement' },
  stays_for_work: { zh: '因就业申领的才要', en: 'Only if you stay for work' },
  stays_in_dwelling: { zh: '因住所申领的才要', en: 'Only if you stay by your dwelling' },
};

/** In which cases another fee is due. */
export const feeWords: Partial<Record<ConditionName, Text>> = {
  card_is_first: { zh: '首次申领', en: 'first card' },
  card_is_damaged: { zh: '损坏换领', en: 'damaged card' },
  card_is_lost: { zh: '丢失补领', en: 'lost card' },
  card_is_remade_by_fault: { zh: '因公安机关差错换发', en: 'reissued because of an error of the authority' },
};

/** What takes the place of a paper that the applicant has already. */
export const certificateWords: Record<string, Text> = {
  real_name_sign_in: { zh: '实名实人登录即可,不用上传', en: 'Signing in with real name and live portrait is enough; nothing to upload' },
  electronic_licence: { zh: '有电子证照的,填编号即可', en: 'With an electronic certificate, its number is enough' },
  electronic_booklet: { zh: '有电子户口簿的,填编号即可', en: 'With an electronic booklet, its number is enough' },
  electronic_permit: { zh: '电子准迁证填编号即可', en: 'For an electronic permit, its number is enough' },
  electronic_certificate: { zh: '电子迁移证填编号即可', en: 'For an electronic migration certificate, its number is enough' },
  electronic_mandate: { zh: '有电子委托书的,填编号即可', en: 'With an electronic mandate, its number is enough' },
  old_booklet: { zh: '原户口簿也可以', en: 'An old household booklet will do' },
  old_register: { zh: '旧户口底册也可以', en: 'An old register will do' },
  birth_certificate: { zh: '出生医学证明也可以', en: 'A birth certificate will do' },
  birth_record: { zh: '医院出生记录也可以', en: 'The birth record of the hospital will do' },
  any_certificate: { zh: '任何能说明情况的证件都可以', en: 'Any certificate that shows it will do' },
};

/** Why a paper is not asked for where its fact holds. */
export const cancellingWords: Record<CancellingFact, Text> = {
  always: { zh: '民警联网核对,一律不用交', en: 'Checked over the network; never handed in' },
  spouses_in_register: { zh: '户口登记里已有的,民警联网核对,不用交', en: 'Not needed where the register already shows it' },
  kin_in_register: { zh: '户口登记里已有的,民警联网核对,不用交', en: 'Not needed where the register already shows it' },
  registered_in_province: { zh: '本省户口的不用交', en: 'Not needed for those registered in this province' },
  guardianship_in_register: { zh: '户口登记里是父母子女的,不用交', en: 'Not needed where the register shows parent and child' },
  parents_share_ethnicity: { zh: '父母民族相同的不用交', en: 'Not needed if both parents belong to the same ethnic group' },
  original_record_on_file: { zh: '派出所档案里已有原始凭证的,不用交', en: 'Not needed where the archive holds the original record' },
  moves_within_province: { zh: '省内迁移不用交', en: 'Not needed for moves inside the province' },
  own_record: { zh: '查本人的不用交', en: 'Not needed for your own file' },
  enquiry_replaces_it: { zh: '由民警走访代替,不用去开', en: 'Replaced by the officer’s enquiry; need not be fetched' },
  identity_is_verified: { zh: '能核对身份的不用交', en: 'Not needed once identity is verified' },
  portrait_is_recent: { zh: '六个月内照过证件相的不用再照', en: 'Not needed if a portrait of the last six months is on file' },
};

export const paperWords: Record<PaperName, Text> = {
  receipt: { zh: '受理回执', en: 'Receipt' },
  approval_notice: { zh: '审批结果通知', en: 'Notice of the decision' },
  public_notice: { zh: '公示', en: 'Public notice' },
  registration_form: { zh: '常住人口登记表', en: 'Permanent resident registration form' },
  booklet: { zh: '居民户口簿', en: 'Household booklet' },
  booklet_page: { zh: '常住人口登记卡(户口簿内页)', en: 'Page of the booklet' },
  collective_booklet: { zh: '集体户口簿', en: 'Collective booklet' },
  collective_page: { zh: '集体户常住人口登记卡', en: 'Page of the collective booklet' },
  move_in_permit: { zh: '户口准迁证', en: 'Move-in permit' },
  migration_certificate: { zh: '户口迁移证', en: 'Migration certificate' },
  cancellation_certificate: { zh: '户口注销证明', en: 'Certificate of cancellation' },
  alteration_certificate: { zh: '户口登记项目变更更正证明', en: 'Certificate of alteration' },
  kinship_certificate: { zh: '亲属关系证明', en: 'Certificate of kinship' },
  migration_history_certificate: { zh: '户口迁移情况证明', en: 'Certificate of moves' },
  id_number_change_certificate: { zh: '公民身份号码更正证明', en: 'Certificate of a changed ID number' },
  id_card: { zh: '居民身份证', en: 'Identity card' },
  temporary_id_card: { zh: '临时居民身份证', en: 'Temporary identity card' },
  card_claim_slip: { zh: '居民身份证领取凭证', en: 'Claim slip' },
  loss_report_receipt: { zh: '挂失申报回执', en: 'Receipt of the loss report' },
  archive_copy: { zh: '户籍档案复制件', en: 'Copy of the file' },
  residence_receipt: { zh: '居住登记回执', en: 'Receipt of the registration of residence' },
  residence_permit: { zh: '居住证', en: 'Residence permit' },
};

export const presenceWords: Record<Service['presence'], Text> = {
  none: { zh: '不用到场', en: 'Nobody needs to appear' },
  at_pickup: { zh: '领取时到场一次,核对身份', en: 'Once, when collecting, to show who you are' },
  required: { zh: '申请时本人到场', en: 'The person appears for the application' },
};

/** Authorities outside of the police that a route may pass. */
export const agencyWords: Record<NonNullable<RouteStep['agency']>, Text> = {
  ethnic_affairs: { zh: '民族工作部门', en: 'the ethnic-affairs department' },
};

/** The fourteen categories of items, and those beside them. */
export const categoryWords: Record<string, Text> = {
  '01': { zh: '出生申报', en: 'Births' },
  '02': { zh: '死亡申报', en: 'Deaths' },
  '03': { zh: '省外迁入', en: 'Moves into the province' },
  '04': { zh: '迁往省外', en: 'Moves out of the province' },
  '05': { zh: '省内移居', en: 'Moves inside the province' },
  '06': { zh: '主项变更更正', en: 'Main items' },
  '07': { zh: '非主项变更', en: 'Other items' },
  '08': { zh: '注销户口', en: 'Cancellations' },
  '09': { zh: '恢复户口', en: 'Restorations' },
  10: { zh: '补登补录', en: 'Supplements' },
  11: { zh: '户的变动', en: 'Households' },
  12: { zh: '集体户', en: 'Collective households' },
  13: { zh: '居民身份证', en: 'Identity cards' },
  14: { zh: '证明与档案', en: 'Certificates and archives' },
  E1: { zh: '其他事项', en: 'Other matters' },
};

const levelWords: Record<Level, Text> = {
  STATION: { zh: '派出所', en: 'police station' },
  COUNTY: { zh: '县级公安机关', en: 'county bureau' },
  PREFECTURE: { zh: '州(市)公安机关', en: 'prefecture bureau' },
  PROVINCE: { zh: '省级公安机关', en: 'provincial department' },
};
const placeWords: Record<RouteStep['at'] | 'settled', Text> = {
  target: { zh: '迁入地', en: 'of the new place' },
  settled: { zh: '落户地', en: 'of the place of settlement' },
  origin: { zh: '迁出地', en: 'of the old place' },
  registered: { zh: '户籍地', en: 'of registration' },
  counter: { zh: '受理地', en: 'of the place of application' },
};

/** Who sees an application on a step of its route, as told before it is sent; where nobody moves, the destination is where one settles. */
export function officeOfStep({ level, at, agency }: Pick<RouteStep, 'level' | 'at' | 'agency'>, moves: boolean): Text {
  if (agency !== undefined) return agencyWords[agency];
  const place = placeWords[at === 'target' && !moves ? 'settled' : at];
  return { zh: `${place.zh}${levelWords[level].zh}`, en: `the ${levelWords[level].en} ${place.en}` };
}
