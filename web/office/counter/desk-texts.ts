/** Texts of the desk beside the form: what was read, whom the register knows, what does not fit, and a case just entered. */
import type { ReaderFault } from '../reader.ts';
import type { Text } from '../../kit/language.ts';

type Words = Readonly<Record<string, Text>>;

const faults: Record<ReaderFault, Text> = {
  no_bridge: { zh: '没有找到本机的外设助手。请确认它已启动;读不了证时请手工录入,照常办理。', en: 'The reader bridge of this computer does not answer. See that it runs; until then type as usual.' },
  old_bridge: { zh: '本机外设助手版本不符,请升级后再读证;现在可手工录入。', en: 'The reader bridge is of another version. Update it; until then type as usual.' },
  origin_refused: { zh: '外设助手不认识本工作台的网址。请管理员把本网址加入外设助手的设置。', en: 'The reader bridge does not know the address of this workstation. Have the administrator add it.' },
  not_paired: { zh: '外设助手还没有与本工作台配对。请输入外设助手窗口中显示的 6 位配对码。', en: 'The reader bridge is not paired with this workstation. Enter the six digits shown in its window.' },
  code_wrong: { zh: '配对码不对。请照外设助手窗口中显示的 6 位数字重新输入。', en: 'Wrong code. Enter the six digits shown in the window of the reader bridge.' },
  pairing_closed: { zh: '配对码输错多次,外设助手已停止配对。请重启外设助手后再试。', en: 'Too many wrong codes; pairing is closed. Restart the reader bridge and try again.' },
  unknown_path: { zh: '外设助手不支持这项操作,请升级外设助手。', en: 'The reader bridge cannot do this. Update it.' },
  bad_request: { zh: '外设助手没有看懂请求,请升级外设助手。', en: 'The reader bridge did not understand. Update it.' },
  no_device: { zh: '外设助手没有找到设备。请检查数据线和电源后重试。', en: 'The bridge finds no device. Check cable and power, then try again.' },
  busy: { zh: '设备正被另一程序占用。请关闭该程序后重试。', en: 'Another program holds the device. Close it, then try again.' },
  no_card: { zh: '读卡器上没有证件。请放好身份证后再按 F9。', en: 'There is no card on the reader. Lay the identity card on it and press F9 again.' },
  not_an_identity_card: { zh: '这不是居民身份证(可能是银行卡或其他证件)。请换身份证,或手工录入。', en: 'This is no resident identity card (perhaps a bank card). Take the identity card, or type.' },
  unreadable: { zh: '芯片读不出。请取下证件重放一次;仍读不出时手工录入,并提醒换领。', en: 'The chip cannot be read. Lift the card and lay it again; if that fails, type, and advise renewal.' },
  no_page: { zh: '高拍仪下没有材料。请放好后再按 F2。', en: 'There is nothing under the camera. Lay the paper there and press F2 again.' },
};

export const reader = {
  faults,
  read_card: { zh: '读身份证', en: 'Read card' },
  read_page: { zh: '读材料', en: 'Read paper' },
  take_picture: { zh: '拍材料', en: 'Photograph' },
  pictured: { zh: '已拍一张,归入“{material}”', en: 'Photographed for “{material}”' },
  nothing_to_picture: { zh: '此事项没有要交的材料,没有拍照。', en: 'This form asks for no paper; nothing was photographed.' },
  picture_limit: { zh: '一次申请最多 {n} 张图片,没有再拍。', en: 'An application holds {n} pictures at most; none was taken.' },
  from_camera: { zh: '高拍仪 · {at}', en: 'Camera · {at}' },
  reading: { zh: '正在读取…', en: 'Reading…' },
  from_card: { zh: '居民身份证 · {device} · {at}', en: 'Identity card · {device} · {at}' },
  from_booklet: { zh: '户口簿内页 · {device} · {at}', en: 'Page of the booklet · {device} · {at}' },
  from_certificate: { zh: '出生医学证明 · {device} · {at}', en: 'Medical certificate of birth · {device} · {at}' },
  read_as: { zh: '机读文字可能有误,请对照原件。', en: 'Machine-read characters may be wrong; compare with the paper.' },
  other_page: { zh: '没有认出这份材料上的文字,未填写。', en: 'Nothing was made out on this paper; nothing was filled in.' },
  foreign: { zh: '这是外国人永久居留身份证:持证人没有常住户口,没有填入表格。', en: 'This is a permanent residence card: its holder has no registration here, so nothing was filled in.' },
  hong_kong_macao_taiwan: { zh: '这是港澳台居民居住证:持证人没有常住户口,没有填入表格。', en: 'This is a residence permit of Hong Kong, Macao or Taiwan: its holder has no registration here, so nothing was filled in.' },
  expired: { zh: '此证已于 {day} 到期,请提醒换领。', en: 'This card ran out on {day}; advise renewal.' },
  filled: { zh: '已填入:{fields}', en: 'Filled in: {fields}' },
  filled_none: { zh: '表格中已是这些内容,没有改动。', en: 'The form says so already; nothing was changed.' },
  kept: { zh: '与已填内容不同,没有改动:', en: 'Different from what is typed, and left as it is:' },
  kept_one: { zh: '{field}:已填“{typed}”,读到“{offered}”', en: '{field}: typed “{typed}”, read “{offered}”' },
  replace: { zh: '改用读到的内容', en: 'Use what was read' },
  male: { zh: '男', en: 'male' },
  female: { zh: '女', en: 'female' },
  pair_title: { zh: '与外设助手配对', en: 'Pair with the reader bridge' },
  pair_code: { zh: '配对码', en: 'Pairing code' },
  pair_hint: { zh: '外设助手窗口中显示的 6 位数字,每台电脑只需一次', en: 'The six digits in the window of the reader bridge; once for each computer' },
  pair: { zh: '配对', en: 'Pair' },
  pair_demo: { zh: '演示系统当前配对码:{code}', en: 'Current pairing code of the demonstration: {code}' },
  paired: { zh: '已配对。请放好证件后按 F9。', en: 'Paired. Lay the card on the reader and press F9.' },
} as const;

export const desk = {
  title: { zh: '读证与核对', en: 'Readers and checks' },
  register: { zh: '户籍登记', en: 'Register' },
  asking: { zh: '正在查询 {name}…', en: 'Looking up {name}…' },
  unknown: { zh: '户籍中没有姓名“{name}”与此号码相符的人。请核对证件;外省人员请按跨省事项办理。', en: 'Nobody named “{name}” has this number in the register. Check the card; for people of other provinces use the services between provinces.' },
  not_in_order: { zh: '{name}的户口状态:{status}', en: 'Registration of {name}: {status}' },
  lives: { zh: '{name} · {station}', en: '{name} · {station}' },
  household: { zh: '户号 {no},{n} 人', en: 'Household {no}, {n} people' },
  no_household: { zh: '没有在册的户', en: 'In no household now' },
  choose_movers: { zh: '勾选要办的人', en: 'Tick those concerned' },
  choose_part: { zh: '选一人填入“{field}”', en: 'Choose who is “{field}”' },
  all: { zh: '全户', en: 'Everybody' },
  choose: { zh: '选 {name}', en: 'Choose {name}' },
  age: { zh: '{n} 岁', en: 'aged {n}' },
  answered: { zh: '已自动填入(可改):{fields}', en: 'Filled in by itself (you may change it): {fields}' },
  problems: { zh: '填写有误(提交前须改)', en: 'To mend before sending' },
  questions: { zh: '请核对(可以提交)', en: 'Please check (may be sent)' },
  none: { zh: '目前没有发现问题', en: 'Nothing found so far' },
  unchecked: { zh: '暂时不能检查,提交时会再查。', en: 'It cannot be checked just now; it will be when it is sent.' },
  row: { zh: '第 {n} 人{field}', en: 'person {n}, {field}' },
  seen_all: { zh: '材料全部已查验原件', en: 'All originals seen' },
} satisfies Words;

export const fields = {
  name: { zh: '姓名', en: 'name' },
  id_number: { zh: '号码', en: 'number' },
  phone: { zh: '电话', en: 'phone' },
  applicant: { zh: '申请人', en: 'applicant' },
} satisfies Words;

export const entered = {
  title: { zh: '已录入', en: 'Entered' },
  about: { zh: '{service} · {name}', en: '{service} · {name}' },
  not_law: { zh: '办件已提交,等待受理;户口登记还没有改变。', en: 'The case was submitted and waits for acceptance; the register has not changed.' },
  number: { zh: '办件编号 {no}', en: 'Case number {no}' },
  open: { zh: '打开办件', en: 'Open the case' },
  next: { zh: '下一件(同一事项)', en: 'Next case of this service' },
  print: { zh: '打印收件凭条', en: 'Print the slip' },
  slip_title: { zh: '收件凭条', en: 'Slip of receipt' },
  slip_sample: { zh: '演示样本,内容虚构,没有法律效力', en: 'Sample of a demonstration: invented, without legal effect' },
  slip_note: { zh: '本凭条证明所列申请已收件。受理与否的书面通知另行出具。', en: 'This slip confirms that the application below was received. Whether it is accepted is told in writing separately.' },
  applicant: { zh: '申请人', en: 'Applicant' },
  service: { zh: '事项', en: 'Service' },
  at: { zh: '收件时间', en: 'Received' },
  office: { zh: '收件单位', en: 'Office' },
  officer: { zh: '经手人', en: 'Officer' },
} satisfies Words;
