// Make the vectors of keys and addresses in tests/vectors/derivation, the Node half.
//
// @scure/bip32 computes BIP-32, @noble/curves the points of Ed25519, and the libraries of the chains their addresses. The inputs are
// those of make_derivation_vectors.py, made anew from the same labels.
//
// The packages of package.json beside this file must be found from where it lies, so copy both into a folder of their own:
//     npm install && node make_derivation_vectors.mjs FOLDER            write the files
//     npm install && node make_derivation_vectors.mjs FOLDER --check    compare with the files there

import { createHash, createHmac } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AuthenticationKey, Ed25519PublicKey as AptosKey } from '@aptos-labs/ts-sdk';
import { encodeSecp256k1Pubkey, pubkeyToAddress } from '@cosmjs/amino';
import { Ed25519PublicKey as SuiKey } from '@mysten/sui/keypairs/ed25519';
import { ed25519 } from '@noble/curves/ed25519.js';
import { encodeAddress } from '@polkadot/util-crypto';
import { HDKey } from '@scure/bip32';
import * as btc from '@scure/btc-signer';
import { getAddressDecoder } from '@solana/addresses';
import { StrKey } from '@stellar/stellar-base';
import { computeAddress } from 'ethers';
import { deriveAddress } from 'ripple-keypairs';
import { TronWeb } from 'tronweb';

const COUNT = 24;
const ORDER = {
  ecdsa: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
  eddsa: 2n ** 252n + 27742317777372353535851937790883648493n,
};
const COINS = { ecdsa: [0, 1, 2, 3, 60, 118, 144, 195], eddsa: [148, 354, 434, 501, 637, 784] };
const packages = JSON.parse(readFileSync(new URL('package.json', import.meta.url))).dependencies;
const from = (...names) => names.map((name) => `${name} ${packages[name]}`).join(', ') + ' (Node)';

// --- inputs

const material = (label) => createHash('sha256').update(`Conclave derivation vectors 1/${label}`).digest();
const number = (label) => BigInt('0x' + material(label).toString('hex'));
const big = (n) => Buffer.from(n.toString(16).padStart(64, '0'), 'hex');
const little = (n) => Buffer.from(big(n)).reverse();
const hex = (bytes) => Buffer.from(bytes).toString('hex');

/** The first three scalars are at the edges. */
function inputs(kind, i) {
  const order = ORDER[kind];
  const drawn = number(`${kind}/${i}/private`);
  const scalar = [1n, order - 1n, drawn >> 24n][i] ?? (drawn % (order - 1n)) + 1n;
  const coin = COINS[kind][i % COINS[kind].length];
  const account = Number(number(`${kind}/${i}/account`) % 2n ** BigInt((i % 4) * 10 + 1));
  const index = Number(number(`${kind}/${i}/index`) % 2n ** BigInt((i % 3) * 15 + 1));
  const mark = kind === 'ecdsa' && i % 6 === 5 ? "'" : '';
  return { scalar, chainCode: material(`${kind}/${i}/chain-code`), path: `m/44${mark}/${coin}${mark}/${account}${mark}/0/${index}` };
}

// --- keys

function ecdsaCase(i) {
  const { scalar, chainCode, path } = inputs('ecdsa', i);
  const master = new HDKey({ privateKey: big(scalar), chainCode });
  const child = master.derive(path);
  return {
    private_key: hex(big(scalar)), chain_code: hex(chainCode), public_key: hex(master.publicKey),
    xprv: master.privateExtendedKey, xpub: master.publicExtendedKey, path,
    child_private_key: hex(child.privateKey), child_public_key: hex(child.publicKey),
    child_xprv: child.privateExtendedKey, child_xpub: child.publicExtendedKey,
  };
}

/** Seeds and paths of BIP-32, "Test Vectors" 1 to 4. */
const BIP32 = [
  ['000102030405060708090a0b0c0d0e0f', "m/0'/1/2'/2/1000000000"],
  ['fffcf9f6f3f0edeae7e4e1dedbd8d5d2cfccc9c6c3c0bdbab7b4b1aeaba8a5a29f9c999693908d8a8784817e7b7875'
    + '726f6c696663605d5a5754514e4b484542', "m/0/2147483647'/1/2147483646'/2"],
  ['4b381541583be4423346c643850da4b320e46a87ae3d2a4e6da11eba819cd4acba45d239319ac14f863b8d5ab5a0d0c6'
    + '4d2e8a1e7d1457df2e5a3c51c73235be', "m/0'"],
  ['3ddd5602285899a946114506157c7997e5444528f3003f6134712147db19b678', "m/0'/1'"],
];

/** Every key from m to the end of each path. */
function bip32Case([seed, path]) {
  const master = HDKey.fromMasterSeed(Buffer.from(seed, 'hex'));
  const parts = path.split('/');
  const paths = parts.map((_, i) => parts.slice(0, i + 1).join('/'));
  const keys = paths.map((here) => [here, master.derive(here)]);
  return { seed, chain: keys.map(([here, key]) => ({ path: here, xprv: key.privateExtendedKey, xpub: key.publicExtendedKey })) };
}

function eddsaCase(i) {
  const { scalar, chainCode, path } = inputs('eddsa', i);
  const point = (n) => ed25519.Point.BASE.multiply(n);
  let [value, code, here] = [scalar, chainCode, point(scalar)];
  for (const step of path.split('/').slice(1).map(Number)) {
    const data = Buffer.concat([here.toBytes(), Buffer.from([0]), Buffer.alloc(4)]);
    data.writeUInt32BE(step, data.length - 4);
    const mac = createHmac('sha512', code).update(data).digest();
    const tweak = BigInt('0x' + hex(mac.subarray(0, 32))) % ORDER.eddsa;
    const publicSide = here.add(point(tweak));
    [value, code] = [(value + tweak) % ORDER.eddsa, mac.subarray(32)];
    here = point(value);
    if (!here.equals(publicSide)) throw new Error('the public side leads to another child');
  }
  return {
    private_key: hex(little(scalar)), chain_code: hex(chainCode), public_key: hex(point(scalar).toBytes()), path,
    child_private_key: hex(little(value)), child_public_key: hex(here.toBytes()),
  };
}

// --- addresses

const network = (bech32, pubKeyHash, scriptHash, wif) => ({ bech32, pubKeyHash, scriptHash, wif });
const LITECOIN = network('ltc', 0x30, 0x32, 0xb0);
const OLD_LITECOIN = network('ltc', 0x30, 0x05, 0xb0);
const DOGECOIN = network('doge', 0x1e, 0x16, 0x9e);
const p2pkh = (net) => (key) => btc.p2pkh(key, net).address;
const p2sh = (net) => (key) => btc.p2sh(btc.p2wpkh(key, net), net).address;
const p2wpkh = (net) => (key) => btc.p2wpkh(key, net).address;
const p2tr = (net) => (key) => btc.p2tr(key.subarray(1), undefined, net).address;
const BTC = '@scure/btc-signer';

/** [chain, form, package, address of a public key] */
const ADDRESSES = [
  ['bitcoin', 'P2PKH', BTC, p2pkh(btc.NETWORK)], ['bitcoin', 'P2SH-P2WPKH', BTC, p2sh(btc.NETWORK)],
  ['bitcoin', 'P2WPKH', BTC, p2wpkh(btc.NETWORK)], ['bitcoin', 'P2TR', BTC, p2tr(btc.NETWORK)],
  ['bitcoin-testnet', 'P2PKH', BTC, p2pkh(btc.TEST_NETWORK)], ['bitcoin-testnet', 'P2SH-P2WPKH', BTC, p2sh(btc.TEST_NETWORK)],
  ['bitcoin-testnet', 'P2WPKH', BTC, p2wpkh(btc.TEST_NETWORK)], ['bitcoin-testnet', 'P2TR', BTC, p2tr(btc.TEST_NETWORK)],
  ['litecoin', 'P2PKH', BTC, p2pkh(LITECOIN)], ['litecoin', 'P2SH-P2WPKH', BTC, p2sh(LITECOIN)],
  ['litecoin', 'P2SH-P2WPKH, old prefix', BTC, p2sh(OLD_LITECOIN)], ['litecoin', 'P2WPKH', BTC, p2wpkh(LITECOIN)],
  ['dogecoin', 'P2PKH', BTC, p2pkh(DOGECOIN)],
  ...['ethereum', 'polygon', 'arbitrum', 'optimism', 'base', 'avalanche', 'bnb'].map((chain) => [
    chain, 'EVM address', 'ethers', (key) => computeAddress('0x' + hex(key))]),
  ['tron', 'Tron address', 'tronweb', (key) => TronWeb.address.fromHex(computeAddress('0x' + hex(key)).replace('0x', '41'))],
  ['xrp', 'classic address', 'ripple-keypairs', (key) => deriveAddress(hex(key).toUpperCase())],
  ...['cosmos', 'osmo', 'celestia', 'secret'].map((prefix) => [
    `cosmos:${prefix}`, 'Cosmos address', '@cosmjs/amino', (key) => pubkeyToAddress(encodeSecp256k1Pubkey(key), prefix)]),
  ['solana', 'Solana address', '@solana/addresses', (key) => getAddressDecoder().decode(key)],
  ['stellar', 'account id', '@stellar/stellar-base', (key) => StrKey.encodeEd25519PublicKey(key)],
  ['aptos', 'Aptos address', '@aptos-labs/ts-sdk', (key) =>
    AuthenticationKey.fromPublicKey({ publicKey: new AptosKey(key) }).derivedAddress().toString()],
  ['sui', 'Sui address', '@mysten/sui', (key) => new SuiKey(key).toSuiAddress()],
  ...[0, 2, 42, 63, 64, 69, 255, 10041, 16383].map((prefix) => [
    `polkadot:${prefix}`, 'SS58 address', '@polkadot/util-crypto', (key) => encodeAddress(key, prefix)]),
];
const ED_CHAINS = ['solana', 'stellar', 'aptos', 'sui', 'polkadot'];
const WIF = [['bitcoin', btc.NETWORK], ['bitcoin-testnet', btc.TEST_NETWORK], ['litecoin', LITECOIN], ['dogecoin', DOGECOIN]];

function build() {
  const range = [...Array(COUNT).keys()];
  const keys = { ecdsa: range.map(ecdsaCase), eddsa: range.map(eddsaCase) };
  const files = {
    'keys-ecdsa': { source: from('@scure/bip32'), kind: 'keys ecdsa', cases: keys.ecdsa },
    bip32: { source: from('@scure/bip32'), kind: 'bip32', cases: BIP32.map(bip32Case) },
    'keys-eddsa': { source: from('@noble/curves'), kind: 'keys eddsa', cases: keys.eddsa },
  };
  for (const [chain, form, program, address] of ADDRESSES) {
    const kind = ED_CHAINS.includes(chain.split(':')[0]) ? 'eddsa' : 'ecdsa';
    const cases = keys[kind].map((key) => address(Buffer.from(key.child_public_key, 'hex')));
    files[fileName(chain, form)] = { source: from(program), kind: `addresses ${kind}`, chain, form, cases };
  }
  for (const [chain, net] of WIF) {
    const cases = keys.ecdsa.map((key) => btc.WIF(net).encode(Buffer.from(key.child_private_key, 'hex')));
    files[fileName(chain, 'wif')] = { source: from(BTC), kind: 'wif ecdsa', chain, form: 'WIF', cases };
  }
  return files;
}

const fileName = (chain, form) => `${chain}-${form}`.toLowerCase().split(/[^a-z0-9]+/).join('-');

const [folder, mode] = process.argv.slice(2);
const wrong = [];
const files = Object.entries(build());
for (const [name, document] of files) {
  const path = join(folder, `${name}.node.json`);
  if (mode === '--check') {
    // Another version of a program must give the same values.
    const values = (text) => JSON.stringify({ ...JSON.parse(text), source: '' });
    if (!existsSync(path) || values(readFileSync(path)) !== values(JSON.stringify(document))) wrong.push(name);
  } else {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, JSON.stringify(document, null, 1) + '\n');
  }
}
if (wrong.length > 0) {
  console.error('not what is frozen: ' + wrong.join(', '));
  process.exit(1);
}
console.log(`${files.length} files ${mode === '--check' ? 'agree' : 'written'} (Node)`);
