// nginx, Caddy and Apache, each started with one generated configuration, in the foreground, as a child of the test.
//
// Around the generated file stands what Debian's own main configuration would say, so that the file is tried under the
// defaults it will meet: types, compression on the fly and an access log of whole request lines included.

import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';

const PROGRAMS = {
  nginx: process.env.NGINX ?? '/usr/sbin/nginx',
  caddy: process.env.CADDY ?? '/usr/bin/caddy',
  apache: process.env.APACHE ?? '/usr/sbin/apache2',
};
const NGINX_MODULES = process.env.NGINX_MODULES ?? '/usr/lib/nginx/modules';
const APACHE_MODULES = process.env.APACHE_MODULES ?? '/usr/lib/apache2/modules';

/** The servers there are. */
export const KINDS = Object.keys(PROGRAMS);

/**
 * A running server.
 * @typedef {object} Server
 * @property {() => string} log    every line of its access logs so far
 * @property {() => string} words  everything else it said, for the report of a failed test
 * @property {() => Promise<void>} stop
 */

/**
 * Starts a server and waits until it listens on every port.
 * @param {'nginx' | 'caddy' | 'apache'} kind
 * @param {string} dir   a folder for its process: logs, temporary files, its main configuration
 * @param {string} file  the generated configuration
 * @param {number[]} ports
 * @param {string} [believed]  whom a server believes where its configuration names nobody, as the path of a PEM file
 * @returns {Promise<Server>}
 */
export async function startServer(kind, dir, file, ports, believed) {
  mkdirSync(dir, { recursive: true });
  const { args, env } = { nginx, caddy, apache }[kind](dir, file, ports);
  const child = spawn(PROGRAMS[kind], args, { cwd: dir, env: { ...process.env, ...(believed && { SSL_CERT_FILE: believed }), ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let words = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (words += text));
  let ended = false;
  const end = new Promise((resolve) => {
    child.once('error', resolve);
    child.once('close', resolve);
  }).then(() => (ended = true));

  const read = (name) => (existsSync(join(dir, name)) ? readFileSync(join(dir, name), 'utf8') : '');
  const said = () => words + read('error.log');
  for (const port of ports) {
    while (!(await isListening(port))) {
      if (ended) throw new Error(`${kind} ended before it listened\n${said()}`);
    }
  }
  return {
    log: () => read('access.log'),
    words: said,
    stop: async () => {
      if (!ended) child.kill('SIGTERM');
      await end;
    },
  };
}

/** Ports that nobody listens on. */
export async function freePorts(count) {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createServer();
      return new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(0, '127.0.0.1', () => resolve(server));
      });
    }),
  );
  const ports = servers.map((it) => it.address().port);
  await Promise.all(servers.map((it) => new Promise((done) => it.close(done))));
  return ports;
}

/** Whether a connection is taken; a refusal is told after a moment, so that whoever asks again leaves time to others. */
function isListening(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => setTimeout(() => resolve(false), 20));
  });
}

/** A server that was started by root gives its workers to nobody; root itself is refused by Apache. */
const IS_ROOT = process.getuid?.() === 0;

function nginx(dir, file) {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((it) => `  ${it}_temp_path ${dir}/${it};`);
  const main = `
load_module ${NGINX_MODULES}/ngx_http_brotli_static_module.so;
${IS_ROOT ? 'user nobody nogroup;' : ''}
pid ${dir}/nginx.pid;
worker_processes 1;
events { worker_connections 256; }
http {
${temporary.join('\n')}
  sendfile on;
  tcp_nopush on;
  types_hash_max_size 2048;
  include mime.types;
  default_type application/octet-stream;
  access_log ${dir}/access.log;
  gzip on;
  gzip_types application/json application/javascript text/javascript text/css application/wasm;
  gzip_proxied any;
  gzip_min_length 1;
  include ${file};
}
`;
  writeFileSync(join(dir, 'main.conf'), main);
  copyFileSync('/etc/nginx/mime.types', join(dir, 'mime.types'));
  return { args: ['-p', dir, '-e', join(dir, 'error.log'), '-c', join(dir, 'main.conf'), '-g', 'daemon off;'] };
}

function caddy(dir, file) {
  // Settings and certificates of the machine's user stay out of it, and no two share the address of their control.
  const env = { HOME: dir, XDG_DATA_HOME: join(dir, 'data'), XDG_CONFIG_HOME: join(dir, 'config'), CADDY_ADMIN: `unix/${dir}/admin.sock` };
  return { args: ['run', '--config', file, '--adapter', 'caddyfile'], env };
}

/** What Debian switches on, and what the generated file says it needs. */
const DEBIAN = [
  ...['mpm_event', 'authz_core', 'authz_host', 'alias', 'autoindex', 'deflate', 'dir', 'env', 'filter', 'mime', 'negotiation'],
  ...['reqtimeout', 'setenvif', 'status', 'headers', 'http2', 'proxy', 'proxy_http', 'rewrite', 'socache_shmcb', 'ssl'],
];

function apache(dir, file, ports) {
  const main = `
ServerRoot ${dir}
ServerName localhost
PidFile ${dir}/apache.pid
Mutex file:${dir} default
${DEBIAN.map((it) => `LoadModule ${it}_module ${APACHE_MODULES}/mod_${it}.so`).join('\n')}
${IS_ROOT ? 'User nobody\nGroup nogroup' : ''}
${ports.map((it) => `Listen 127.0.0.1:${it}`).join('\n')}
ErrorLog ${dir}/error.log
LogFormat "%h %l %u %t \\"%r\\" %>s %O \\"%{Referer}i\\" \\"%{User-Agent}i\\"" combined
CustomLog ${dir}/access.log combined
TypesConfig /etc/mime.types
AddDefaultCharset Off
AddOutputFilterByType DEFLATE text/html text/plain text/xml text/css text/javascript application/javascript application/json
DirectoryIndex index.html index.cgi index.php
<Directory />
  Options FollowSymLinks
  AllowOverride None
  Require all denied
</Directory>
Include ${file}
`;
  writeFileSync(join(dir, 'main.conf'), main);
  return { args: ['-d', dir, '-f', join(dir, 'main.conf'), '-DFOREGROUND'] };
}
