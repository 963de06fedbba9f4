// A real SMSC (npm smpp) for the tests: it keeps a ledger, and misbehaves where it is told to.
//
// Started by crates/testkit/src/smsc.rs with one JSON argument. It prints one JSON line when it
// listens, writes each PDU as a JSON line to the ledger (synced before it answers), takes one
// command per line of its standard input and prints one line when that is done, and ends when its
// standard input is closed, so that it never outlives the test.

import { execFileSync } from 'node:child_process';
import { fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import smpp from 'smpp';

const options = JSON.parse(process.argv[2]);
const ledger = openSync(join(options.dir, 'pdus.jsonl'), 'a');
const sessions = new Set();
const rules = [];
let connections = 0;
let messages = 0x1a2a;

// The PDU as it was on the wire, beside what the library made of it.
const parse = smpp.PDU.prototype.fromBuffer;
smpp.PDU.prototype.fromBuffer = function fromBuffer(buffer) {
  Object.defineProperty(this, 'raw', { value: buffer });
  return parse.call(this, buffer);
};

function record(connection, pdu) {
  const line = {
    connection,
    command: pdu.command,
    status: pdu.command_status,
    sequence: pdu.sequence_number,
    from: pdu.source_addr ?? '',
    to: pdu.destination_addr ?? '',
    text: typeof pdu.short_message?.message === 'string' ? pdu.short_message.message : '',
    raw: pdu.raw.toString('hex'),
  };
  writeSync(ledger, `${JSON.stringify(line)}\n`);
  fsyncSync(ledger);
}

// The first rule for this command that is not used up.
function rule(command) {
  const found = rules.find((one) => one.on === command && one.times !== 0);
  if (found?.times) found.times -= 1;
  return found ?? { what: 'accept' };
}

function answer(session, pdu, fields) {
  const { what, value } = rule(pdu.command);
  switch (what) {
    case 'accept': return void session.send(pdu.response(fields));
    case 'status': return void session.send(pdu.response({ command_status: value }));
    case 'late': return void setTimeout(() => session.send(pdu.response(fields)), value);
    case 'hang': return undefined;
    case 'close': return void session.socket.destroy();
    case 'raw': return void session.socket.write(Buffer.from(value, 'hex'));
    case 'wrong_sequence':
      return void session.send(new smpp.PDU(`${pdu.command}_resp`, { ...fields, sequence_number: pdu.sequence_number + 1000 }));
    case 'wrong_command':
      return void session.send(new smpp.PDU('enquire_link_resp', { sequence_number: pdu.sequence_number }));
    case 'nack':
      return void session.send(new smpp.PDU('generic_nack', { sequence_number: pdu.sequence_number, command_status: value }));
    case 'no_id': return void session.send(pdu.response({ message_id: '' }));
    case 'unbind': session.unbind(); return undefined;
    default: throw new Error(`no such rule: ${what}`);
  }
}

function bind(session, pdu) {
  const isKnown = pdu.system_id === options.system_id && pdu.password === options.password;
  if (!isKnown) return void session.send(pdu.response({ command_status: smpp.ESME_RBINDFAIL }));
  session.isBound = true;
  return answer(session, pdu, { system_id: 'peer' });
}

function submit(session, pdu) {
  messages += 1;
  const id = messages.toString(16).toUpperCase();
  answer(session, pdu, { message_id: id });
  if (options.receipts) receipt({ id, stat: options.receipts, form: 'text', from: pdu.destination_addr, to: pdu.source_addr });
}

function spelled(id, spelling) {
  const number = BigInt(`0x${id}`);
  switch (spelling) {
    case 'decimal': return number.toString();
    case 'padded': return number.toString().padStart(10, '0');
    case 'lower': return `0000${id.toLowerCase()}`;
    default: return id;
  }
}

const STATES = ['', 'ENROUTE', 'DELIVRD', 'EXPIRED', 'DELETED', 'UNDELIV', 'ACCEPTD', 'UNKNOWN', 'REJECTD'];

function receipt({ id, stat, form, spelling, from, to, error = '000' }) {
  const given = spelled(id, spelling);
  const head = { source_addr: from ?? '', destination_addr: to ?? '', esm_class: 4 };
  if (form === 'parameters') {
    deliver({ ...head, receipted_message_id: given, message_state: STATES.indexOf(stat), short_message: '' });
  } else {
    const when = 'submit date:2611211452 done date:2611211453';
    deliver({ ...head, short_message: `id:${given} sub:001 dlvrd:001 ${when} stat:${stat} err:${error} text:Hello` });
  }
}

function deliver(fields) {
  for (const session of sessions) if (session.isBound) session.deliver_sm(fields);
}

const commands = {
  rule: ({ on, what, value, times }) => { rules.unshift({ on, what, value, times }); },
  behave: () => { rules.length = 0; },
  receipt,
  // A text: `text` with the library's encoding, or `hex` octets as they are.
  inbound: ({ from, to, text, hex, fields }) => deliver({
    source_addr_ton: 1, source_addr_npi: 1, source_addr: from, dest_addr_ton: 1, dest_addr_npi: 1, destination_addr: to,
    short_message: hex === undefined ? text : Buffer.from(hex, 'hex'), ...fields,
  }),
  raw: ({ hex }) => { for (const session of sessions) session.socket.write(Buffer.from(hex, 'hex')); },
  send: ({ command }) => { for (const session of sessions) session[command](); },
  close: () => { for (const session of sessions) session.socket.destroy(); },
  receipts: ({ stat }) => { options.receipts = stat; },
};

function serve(session) {
  connections += 1;
  const connection = connections;
  sessions.add(session);
  session.on('close', () => sessions.delete(session));
  // A client that resets the connection is one of the tests.
  session.on('error', () => session.socket.destroy());
  session.on('pdu', (pdu) => {
    record(connection, pdu);
    if (pdu.command === 'bind_transceiver') bind(session, pdu);
    else if (pdu.command === 'submit_sm') submit(session, pdu);
    else if (pdu.command === 'unbind') { session.send(pdu.response()); session.close(); }
    else if (pdu.command === 'enquire_link') answer(session, pdu, {});
    else if (!pdu.isResponse()) session.send(pdu.response({ command_status: smpp.ESME_RINVCMDID }));
  });
}

function certificate() {
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(options.dir, name));
  execFileSync('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', cert,
    '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1',
    '-addext', 'basicConstraints=critical,CA:FALSE',
  ], { stdio: 'ignore' });
  return { path: cert, key: readFileSync(key), cert: readFileSync(cert) };
}

const tls = options.is_encrypted ? certificate() : {};
const server = smpp.createServer({ key: tls.key, cert: tls.cert }, serve);
server.on('error', (error) => { console.error(String(error)); process.exit(1); });
server.on('tlsClientError', () => {});
server.listen(options.port, '127.0.0.1', () => {
  console.log(JSON.stringify({ port: server.address().port, certificate: tls.path ?? null }));
});

const input = createInterface({ input: process.stdin });
input.on('line', (line) => {
  const command = JSON.parse(line);
  commands[command.do](command);
  console.log('{}');
});
input.on('close', () => process.exit(0));
