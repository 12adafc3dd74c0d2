import { declareRefusals } from '../../kernel/index.ts';

export const refusals = declareRefusals({
  'exchange.parcel_not_found': { kind: 'not_found', zh: '没有序号为 {sequence} 的收到包裹。请刷新隔离清单后重选。', en: 'There is no received parcel with number {sequence}. Reload the quarantine list and choose again.' },
  'exchange.parcel_not_quarantined': { kind: 'conflict', zh: '包裹 {sequence} 现在不在隔离中,不能重试。请刷新清单查看其状态。', en: 'Parcel {sequence} is not in quarantine now and cannot be retried. Reload the list to see its state.' },
  'exchange.parcel_not_held': { kind: 'conflict', zh: '包裹 {sequence} 现在不是暂扣状态,不能放行。隔离中的包裹请用“重试”或“作废”。', en: 'Parcel {sequence} is not held now and cannot be released. Retry or discard a parcel that is in quarantine.' },
  'exchange.parcel_not_stuck': { kind: 'conflict', zh: '包裹 {sequence} 既不在隔离也未暂扣,不能作废。请刷新清单查看其状态。', en: 'Parcel {sequence} is neither in quarantine nor held and cannot be discarded. Reload the list to see its state.' },
  'exchange.gap_not_found': { kind: 'not_found', zh: '序号 {sequence} 现在不缺。请刷新页面;它可能刚刚补到。', en: 'Number {sequence} is not missing now. Reload the page; it may just have come.' },
  'exchange.gap_too_young': { kind: 'conflict', zh: '序号 {sequence} 缺失尚不足 {minutes} 分钟,系统正在请求补发。请届时再决定是否跳过。', en: 'Number {sequence} has been missing for less than {minutes} minutes and is being asked for again. Decide to skip it after that.' },
  'exchange.alarm_not_open': { kind: 'conflict', zh: '此告警已经关闭。请刷新页面。', en: 'This alarm is closed already. Reload the page.' },
  'exchange.alarm_closes_itself': { kind: 'conflict', zh: '此类告警在原因消除后自动关闭。请先按运行手册消除原因。', en: 'An alarm of this kind closes by itself once its cause is gone. Remove the cause first, as the runbook says.' },
  'exchange.key_missing': {
    kind: 'unavailable',
    zh: '缺少对方网络的公钥文件 {files}(目录 {directory})。请从对方网络的密钥目录复制到本目录;摆渡程序随后自动继续。',
    en: 'The public key files {files} of the other network are missing in {directory}. Copy them from the key directory of the other network; the courier then goes on by itself.',
  },
});
