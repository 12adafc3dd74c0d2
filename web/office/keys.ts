/**
 * Every key of every screen, in one place: screens bind these, buttons print them, the help lists them, and a
 * test holds that no key does two things on one screen. Legal acts by chord act from anywhere on the screen.
 */
import type { Keymap } from '../kit/keyboard.ts';
import type { Text } from '../kit/language.ts';

export const globalKeys = {
  palette: { keys: ['Ctrl+K'], label: { zh: '命令面板(拼音首字母可查)', en: 'Command palette (finds by pinyin initials)' } },
  lock: { keys: ['Ctrl+L'], label: { zh: '锁屏', en: 'Lock the screen' } },
  help: { keys: ['?', 'F1'], label: { zh: '按键帮助', en: 'Keys' } },
} as const satisfies Keymap;

export const queueKeys = {
  next: { keys: ['j', 'Down'], label: { zh: '下一行', en: 'Next row' }, repeats: true },
  previous: { keys: ['k', 'Up'], label: { zh: '上一行', en: 'Previous row' }, repeats: true },
  open: { keys: ['Enter'], label: { zh: '打开', en: 'Open' } },
  filter: { keys: ['/'], label: { zh: '筛选', en: 'Filter' } },
  next_queue: { keys: [']', 'Right'], label: { zh: '下一个队列', en: 'Next queue' } },
  previous_queue: { keys: ['[', 'Left'], label: { zh: '上一个队列', en: 'Previous queue' } },
  refresh: { keys: ['r'], label: { zh: '刷新', en: 'Refresh' } },
  leave_filter: { keys: ['Esc'], label: { zh: '离开筛选,回到列表', en: 'Leave the filter for the list' } },
} as const satisfies Keymap;

export const reviewKeys = {
  pane_claims: { keys: ['Alt+1'], label: { zh: '申报内容', en: 'What is declared' } },
  pane_materials: { keys: ['Alt+2'], label: { zh: '材料', en: 'Materials' } },
  pane_checks: { keys: ['Alt+3'], label: { zh: '核查', en: 'Checks' } },
  pane_households: { keys: ['Alt+4'], label: { zh: '两户变化', en: 'Both households' } },
  pane_acts: { keys: ['Alt+5'], label: { zh: '办理', en: 'Acts' } },
  pane_tasks: { keys: ['Alt+6'], label: { zh: '任务与核查', en: 'Tasks and enquiries' } },
  next_scan: { keys: ['Alt+S'], label: { zh: '下一张扫描', en: 'Next scan' } },
  previous_scan: { keys: ['Alt+Shift+S'], label: { zh: '上一张扫描', en: 'Previous scan' } },
  zoom_in: { keys: ['+', '='], label: { zh: '放大', en: 'Zoom in' }, repeats: true },
  zoom_out: { keys: ['-'], label: { zh: '缩小', en: 'Zoom out' }, repeats: true },
  zoom_fit: { keys: ['0'], label: { zh: '适合窗口', en: 'Fit' } },
  rotate: { keys: ['r'], label: { zh: '旋转', en: 'Rotate' } },
  enlarge: { keys: ['f'], label: { zh: '材料满屏', en: 'Materials over the whole screen' } },
  first_fault: { keys: ['Alt+G'], label: { zh: '第一处问题', en: 'First problem' } },
  claim: { keys: ['c'], label: { zh: '领办', en: 'Take in hand' } },
  release: { keys: ['u'], label: { zh: '放回', en: 'Put back' } },
  accept: { keys: ['Ctrl+Enter'], label: { zh: '受理', en: 'Accept' } },
  request_supplement: { keys: ['Ctrl+M'], label: { zh: '一次性告知补正', en: 'One-time correction notice' } },
  answer_supplement: { keys: ['Alt+C'], label: { zh: '窗口补正', en: 'Enter the corrections' } },
  refuse_acceptance: { keys: ['Alt+N'], label: { zh: '不予受理', en: 'Refuse acceptance' } },
  agree: { keys: ['a'], label: { zh: '同意', en: 'Agree' } },
  disagree: { keys: ['d'], label: { zh: '不同意', en: 'Disagree' } },
  return: { keys: ['b'], label: { zh: '退回', en: 'Return' } },
  confirm_out: { keys: ['Alt+O'], label: { zh: '确认迁出', en: 'Confirm the move out' } },
  object_out: { keys: ['Alt+J'], label: { zh: '提出异议', en: 'Object' } },
  resolve_objection: { keys: ['Alt+R'], label: { zh: '裁定异议', en: 'Decide on the objection' } },
  execute: { keys: ['Alt+B'], label: { zh: '办结', en: 'Execute' } },
  verify: { keys: ['Alt+V'], label: { zh: '记录调查', en: 'Record the enquiry' } },
  hand_over: { keys: ['Alt+M'], label: { zh: '发证', en: 'Hand over' } },
  deliver_copy: { keys: ['Alt+I'], label: { zh: '交付复制件', en: 'Deliver the copy' } },
  receive_certificate: { keys: ['Alt+F'], label: { zh: '录入纸质迁移证', en: 'Enter the paper certificate' } },
  answer_task: { keys: ['Alt+A'], label: { zh: '答复任务', en: 'Answer the task' } },
  more: { keys: ['m'], label: { zh: '更多办理方式', en: 'More ways to act' } },
  recall: { keys: ['Alt+U'], label: { zh: '撤回本人上一步', en: 'Take my last act back' } },
  transfer: { keys: ['Alt+H'], label: { zh: '转办', en: 'Pass to a colleague' } },
  countersign: { keys: ['Alt+Q'], label: { zh: '加签', en: 'Ask for one more opinion' } },
  delegate: { keys: ['Alt+K'], label: { zh: '委派核查', en: 'Delegate a check' } },
  urge: { keys: ['Alt+X'], label: { zh: '催办', en: 'Urge' } },
  supervise: { keys: ['Alt+Y'], label: { zh: '督办', en: 'Supervise' } },
  ask_extension: { keys: ['Alt+L'], label: { zh: '申请延期', en: 'Ask for more time' } },
  void: { keys: ['Alt+Shift+Z'], label: { zh: '作废(误录)', en: 'Void (entered by mistake)' } },
  withdraw: { keys: ['Alt+W'], label: { zh: '按申请人要求撤回', en: 'Withdraw at the applicant’s request' } },
  terminate: { keys: ['Alt+Z'], label: { zh: '终止', en: 'Terminate' } },
  timeline: { keys: ['t'], label: { zh: '办件轨迹', en: 'Timeline' } },
  papers: { keys: ['w'], label: { zh: '文书', en: 'Papers' } },
  next_case: { keys: ['n'], label: { zh: '下一件', en: 'Next case' } },
  previous_case: { keys: ['p'], label: { zh: '上一件', en: 'Previous case' } },
  back: { keys: ['Esc'], label: { zh: '返回列表', en: 'Back to the list' } },
} as const satisfies Keymap;

export const timelineKeys = {
  bpmn: { keys: ['b'], label: { zh: '下载流程图(BPMN 2.0)', en: 'Download the route (BPMN 2.0)' } },
  back: { keys: ['Esc'], label: { zh: '返回办件', en: 'Back to the case' } },
} as const satisfies Keymap;

export const papersKeys = {
  next: { keys: ['j', 'Down'], label: { zh: '下一份', en: 'Next paper' }, repeats: true },
  previous: { keys: ['k', 'Up'], label: { zh: '上一份', en: 'Previous paper' }, repeats: true },
  open: { keys: ['Enter'], label: { zh: '打开', en: 'Open' } },
  print: { keys: ['p'], label: { zh: '打印(登记份数)', en: 'Print (on record)' } },
  void: { keys: ['v'], label: { zh: '作废', en: 'Void' } },
  back: { keys: ['Esc'], label: { zh: '返回办件', en: 'Back to the case' } },
} as const satisfies Keymap;

export const searchKeys = {
  box: { keys: ['/'], label: { zh: '查询框', en: 'Search box' } },
  next: { keys: ['j', 'Down'], label: { zh: '下一人', en: 'Next person' }, repeats: true },
  previous: { keys: ['k', 'Up'], label: { zh: '上一人', en: 'Previous person' }, repeats: true },
  open: { keys: ['Enter'], label: { zh: '打开', en: 'Open' } },
  purpose: { keys: ['Alt+P'], label: { zh: '查询用途', en: 'Purpose' } },
  to_results: { keys: ['Esc'], label: { zh: '到结果列表', en: 'To the results' } },
} as const satisfies Keymap;

export const recordKeys = {
  as_of: { keys: ['Alt+A'], label: { zh: '截至日期', en: 'As of' } },
  purpose: { keys: ['Alt+P'], label: { zh: '查询用途', en: 'Purpose' } },
  back: { keys: ['Esc'], label: { zh: '返回', en: 'Back' } },
} as const satisfies Keymap;

export const counterKeys = {
  submit: { keys: ['Ctrl+Enter'], label: { zh: '提交办件', en: 'Submit the case' } },
  next_empty: { keys: ['F8'], label: { zh: '下一个必填空项', en: 'Next empty required field' } },
  first_fault: { keys: ['Alt+G'], label: { zh: '第一处问题', en: 'First problem' } },
  pick: { keys: ['F4'], label: { zh: '打开选项列表', en: 'Open the list of a field' } },
  add_mover: { keys: ['Alt+R'], label: { zh: '增加一人', en: 'Add a person' } },
  read_card: { keys: ['F9'], label: { zh: '读身份证,填入光标所在的人', en: 'Read the card into the person you are at' } },
  read_page: { keys: ['F2'], label: { zh: '读材料(户口簿、出生医学证明)', en: 'Read a paper (booklet, certificate of birth)' } },
  take_picture: { keys: ['Alt+C'], label: { zh: '高拍仪拍一张,归入光标所在的材料', en: 'Take a picture for the material you are at' } },
  replace_kept: { keys: ['Alt+U'], label: { zh: '改用读到的内容', en: 'Use what was read' } },
  choose_member: { keys: ['Alt+1', 'Alt+2', 'Alt+3', 'Alt+4', 'Alt+5', 'Alt+6', 'Alt+7', 'Alt+8', 'Alt+9'], shown: 'Alt+1…9', label: { zh: '选户内成员', en: 'Choose a member of the household' } },
  choose_all: { keys: ['Alt+0'], label: { zh: '全户', en: 'The whole household' } },
  seen_all: { keys: ['Alt+A'], label: { zh: '材料全部已查验原件', en: 'All originals seen' } },
  open_case: { keys: ['Enter'], label: { zh: '录入后:打开办件', en: 'After entry: open the case' } },
  next_case: { keys: ['n'], label: { zh: '录入后:下一件', en: 'After entry: next case' } },
  print_slip: { keys: ['p'], label: { zh: '录入后:打印收件凭条', en: 'After entry: print the slip' } },
} as const satisfies Keymap;

export const messagesKeys = {
  next: { keys: ['j', 'Down'], label: { zh: '下一条', en: 'Next message' }, repeats: true },
  previous: { keys: ['k', 'Up'], label: { zh: '上一条', en: 'Previous message' }, repeats: true },
  open: { keys: ['Enter'], label: { zh: '打开办件', en: 'Open the case' } },
  read: { keys: ['e'], label: { zh: '标记已读', en: 'Mark as read' } },
} as const satisfies Keymap;

export const rechecksKeys = {
  next: { keys: ['j', 'Down'], label: { zh: '下一行', en: 'Next row' }, repeats: true },
  previous: { keys: ['k', 'Up'], label: { zh: '上一行', en: 'Previous row' }, repeats: true },
  record: { keys: ['e'], label: { zh: '登记核查结果', en: 'Record the result' } },
} as const satisfies Keymap;

export const coverKeys = {
  arrange: { keys: ['Ctrl+Enter'], label: { zh: '安排代班', en: 'Arrange the cover' } },
  form: { keys: ['/'], label: { zh: '到表单', en: 'To the form' } },
} as const satisfies Keymap;

export const exchangeKeys = {
  refresh: { keys: ['r'], label: { zh: '刷新', en: 'Refresh' } },
} as const satisfies Keymap;

/** Keys that browsers and buttons give by themselves; listed in the help, bound nowhere. */
export const givenKeys: readonly Text[] = [
  { zh: 'Tab 依次移动,Shift+Tab 返回', en: 'Tab moves on, Shift+Tab back' },
  { zh: '窗口录入的单选项:按数字选第几项', en: 'Counter entry: a digit picks the choice of that place' },
  { zh: '对话框:Ctrl+Enter 提交,Esc 关闭', en: 'Dialogs: Ctrl+Enter submits, Esc closes' },
  { zh: '输入法组字时任何快捷键都不起作用', en: 'While an input method composes no shortcut acts' },
];

/** The screens with the name that the help shows. */
export const screens = {
  queue: { title: { zh: '待办队列', en: 'Queues' }, keys: queueKeys },
  review: { title: { zh: '审查办件', en: 'Review' }, keys: reviewKeys },
  timeline: { title: { zh: '办件轨迹', en: 'Timeline' }, keys: timelineKeys },
  papers: { title: { zh: '办件文书', en: 'Papers of a case' }, keys: papersKeys },
  search: { title: { zh: '人员查询', en: 'Person search' }, keys: searchKeys },
  record: { title: { zh: '人员与户', en: 'Persons and households' }, keys: recordKeys },
  counter: { title: { zh: '窗口录入', en: 'Counter entry' }, keys: counterKeys },
  messages: { title: { zh: '消息', en: 'Messages' }, keys: messagesKeys },
  rechecks: { title: { zh: '承诺核查', en: 'Commitments to check' }, keys: rechecksKeys },
  cover: { title: { zh: '请假代班', en: 'Leave cover' }, keys: coverKeys },
  exchange: { title: { zh: '内外网交换', en: 'Exchange' }, keys: exchangeKeys },
} as const satisfies Record<string, { title: Text; keys: Keymap }>;
export type ScreenName = keyof typeof screens;
