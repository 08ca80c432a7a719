// Make the vectors of other notations in tests/vectors/notations, the Node half.
//
// The libraries of the chains compute them, from the keys of keys-ecdsa.node.json and keys-eddsa.node.json: case i belongs to
// `child_public_key` i. Prefixes and ends that are mere text are put to their addresses here.
//
// The packages of package.json beside this file must be found from where it lies, so copy both into a folder of their own:
//     npm install && node make_notation_vectors.mjs KEYS FOLDER            write the files
//     npm install && node make_notation_vectors.mjs KEYS FOLDER --check    compare with the files there
//
// Both also ask the libraries about others.json and broken.json, which make_notation_vectors.py writes into FOLDER.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AccountAddress, AnyPublicKey, AuthenticationKey, Ed25519PublicKey as AptosKey } from '@aptos-labs/ts-sdk';
import { encodeBech32Pubkey, encodeSecp256k1Pubkey, pubkeyToAddress, rawSecp256k1PubkeyToRawAddress } from '@cosmjs/amino';
import { toChecksumAddress } from '@ethereumjs/util';
import { Ed25519PublicKey as SuiKey } from '@mysten/sui/keypairs/ed25519';
import { isValidSuiAddress, normalizeSuiAddress } from '@mysten/sui/utils';
import { ed25519 } from '@noble/curves/ed25519.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { checkAddress, encodeAddress } from '@polkadot/util-crypto';
import { bech32 } from '@scure/base';
import * as btc from '@scure/btc-signer';
import { hash160 } from '@scure/btc-signer/utils.js';
import { getAddressDecoder, isAddress as isSolanaAddress } from '@solana/addresses';
import { StrKey } from '@stellar/stellar-base';
import cashaddr from 'cashaddrjs';
import { computeAddress, getAddress, getIcapAddress, isAddress, SigningKey } from 'ethers';
import {
  classicAddressToXAddress, encodeAccountID, encodeAccountPublic, isValidClassicAddress, isValidXAddress,
} from 'ripple-address-codec';
import { TronWeb } from 'tronweb';

const COUNT = 6;
// Where only some keys show what the notation does.
const ALL = 24;
const packages = JSON.parse(readFileSync(new URL('package.json', import.meta.url))).dependencies;
const from = (...names) => names.map((name) => `${name} ${packages[name]}`).join(', ') + ' (Node)';
const hex = (bytes) => Buffer.from(bytes).toString('hex');
const hex0x = (bytes) => '0x' + hex(bytes);
const start = (prefix, address, end = '') => (key) => prefix + address(key) + end;
const fours = (text) => text.match(/.{1,4}/g).join(' ');
const upper = (address) => (key) => address(key).toUpperCase();

// --- Ethereum and relatives

const evm = (key) => computeAddress(hex0x(key));
const low = (key) => evm(key).slice(2).toLowerCase();
const whole = (key) => SigningKey.computePublicKey(hex0x(key), false).slice(2);
const icap = (key) => getIcapAddress(evm(key));
const eip1191 = (chainId) => (key) => toChecksumAddress('0x' + low(key), chainId);
const bech = (hrp) => (key) => bech32.encode(hrp, bech32.toWords(Buffer.from(low(key), 'hex')));
const cosmos = (hrp) => (key) => pubkeyToAddress(encodeSecp256k1Pubkey(key), hrp);
const tron = (key) => TronWeb.address.fromHex('41' + low(key));

const EVM_CHAINS = [['ethereum', 'eth', 1], ['polygon', 'matic', 137], ['arbitrum', 'arb1', 42161], ['optimism', 'oeth', 10],
  ['base', 'base', 8453], ['avalanche', 'avax', 43114], ['bnb', 'bnb', 56]];
const EVM = [
  ['ethereum', 'ICAP', icap, ALL],
  ['ethereum', 'ICAP in groups of four', (key) => fours(icap(key))],
  ['ethereum', 'ICAP, lower case', (key) => icap(key).toLowerCase()],
  ...EVM_CHAINS.map(([chain, short]) => [chain, `EIP-3770 ${short}`, start(`${short}:`, evm)]),
  ['polygon', 'EIP-3770 pol', start('pol:', evm)],
  ['ethereum', 'EIP-3770 of another chain', start('arb1:', evm)],
  ...EVM_CHAINS.map(([chain, , number]) => [chain, 'CAIP-10', start(`eip155:${number}:`, evm)]),
  ['ethereum', 'CAIP-10, lower case', start('eip155:1:0x', low)],
  ['ethereum', 'CAIP-10 of another chain', start('eip155:137:', evm)],
  ['ethereum', 'EIP-681', start('ethereum:', evm)],
  ...EVM_CHAINS.map(([chain, , number]) => [chain, 'EIP-681 with chain', start('ethereum:', evm, `@${number}`)]),
  ['ethereum', 'EIP-681 pay with chain', start('ethereum:pay-', evm, '@1')],
  ['ethereum', 'EIP-681 with value', start('ethereum:', evm, '?value=2.014e18')],
  ['ethereum', 'EIP-681 with chain and value', start('ethereum:', evm, '@1?value=1500000000000000000')],
  ['ethereum', 'xdc prefix', start('xdc', low)], ['ethereum', 'xdc prefix, EIP-55', (key) => 'xdc' + evm(key).slice(2)],
  ['ethereum', 'without prefix', (key) => evm(key).slice(2)], ['ethereum', 'without prefix, lower case', low],
  ['ethereum', 'upper case with prefix', upper(evm)],
  ['ethereum', 'in groups of four', (key) => '0x' + fours(low(key))],
  ['avalanche', 'C-Chain prefix', start('C-', evm)],
  ['ethereum', 'compressed public key', hex], ['ethereum', 'compressed public key with 0x', hex0x],
  ['ethereum', 'uncompressed public key', whole], ['ethereum', 'uncompressed public key with 0x', start('0x', whole)],
  ['ethereum', 'uncompressed public key without 04', (key) => whole(key).slice(2)],
  ['ethereum', 'uncompressed public key without 04 with 0x', (key) => '0x' + whole(key).slice(2)],
].map((row) => [['ethers'], ...row]);
const RSK = [30, 31].map((chainId) => [['@ethereumjs/util'], 'ethereum', `EIP-1191 chain ${chainId}`, eip1191(chainId)]);

// --- Bitcoin and relatives

const network = (bech, pubKeyHash, scriptHash, wif) => ({ bech32: bech, pubKeyHash, scriptHash, wif });
const MAIN = btc.NETWORK;
const TEST = btc.TEST_NETWORK;
const REG = { ...TEST, bech32: 'bcrt' };
const LITECOIN = network('ltc', 0x30, 0x32, 0xb0);
const OLD_LITECOIN = network('ltc', 0x30, 0x05, 0xb0);
const DOGECOIN = network('doge', 0x1e, 0x16, 0x9e);
const p2pkh = (net) => (key) => btc.p2pkh(key, net).address;
const uncompressed = (net) => (key) => btc.Address(net).encode({ type: 'pkh', hash: hash160(Buffer.from(whole(key), 'hex')) });
const p2sh = (net) => (key) => btc.p2sh(btc.p2wpkh(key, net), net).address;
const p2wpkh = (net) => (key) => btc.p2wpkh(key, net).address;
const p2tr = (net) => (key) => btc.p2tr(key.subarray(1), undefined, net).address;
const cashPkh = (prefix) => (key) => cashaddr.encode(prefix, 'P2PKH', hash160(key));
const cashSh = (prefix) => (key) => cashaddr.encode(prefix, 'P2SH', hash160(btc.p2wpkh(key).script));
const bare = (address) => (key) => address(key).split(':')[1];

// The first 32 digits of the first block of each chain (CAIP-4).
const BTC_ID = 'bip122:000000000019d6689c085ae165831e93:';
const TEST_ID = 'bip122:000000000933ea01ad0ee984209779ba:';
const LTC_ID = 'bip122:12a765e31ffd4059bada1e25190f6e98:';
const DOGE_ID = 'bip122:1a91e3dace36e2be3bf030a65679fe82:';
const CASH = [
  ['bitcoin', 'CashAddr P2PKH', cashPkh('bitcoincash')], ['bitcoin', 'CashAddr P2PKH without prefix', bare(cashPkh('bitcoincash'))],
  ['bitcoin', 'CashAddr P2PKH, upper case', upper(cashPkh('bitcoincash'))],
  ['bitcoin', 'CashAddr P2SH', cashSh('bitcoincash')], ['bitcoin', 'CashAddr P2SH without prefix', bare(cashSh('bitcoincash'))],
  ['bitcoin-testnet', 'CashAddr P2PKH', cashPkh('bchtest')], ['bitcoin-testnet', 'CashAddr P2SH', cashSh('bchtest')],
].map((row) => [['cashaddrjs', '@scure/btc-signer'], ...row]);
const BITCOIN = [
  ['bitcoin', 'P2PKH, uncompressed key', uncompressed(MAIN)],
  ['bitcoin', 'P2WPKH, upper case', upper(p2wpkh(MAIN))],
  ['bitcoin', 'BIP-21 P2PKH', start('bitcoin:', p2pkh(MAIN), '?amount=0.015')],
  ['bitcoin', 'BIP-21 P2SH-P2WPKH', start('bitcoin:', p2sh(MAIN), '?amount=20.3&label=Luke-Jr')],
  ['bitcoin', 'BIP-21 P2WPKH', start('bitcoin:', p2wpkh(MAIN), '?amount=0.015')],
  ['bitcoin', 'BIP-21 P2TR', start('bitcoin:', p2tr(MAIN), '?amount=0.015')],
  ['bitcoin', 'BIP-21 without amount', start('bitcoin:', p2wpkh(MAIN))],
  ['bitcoin', 'BIP-21, upper case', start('BITCOIN:', upper(p2wpkh(MAIN)), '?AMOUNT=0.015')],
  ['bitcoin', 'BIP-21, upper case P2TR', start('BITCOIN:', upper(p2tr(MAIN)))],
  ['bitcoin', 'CAIP-10 P2WPKH', start(BTC_ID, p2wpkh(MAIN))], ['bitcoin', 'CAIP-10 P2PKH', start(BTC_ID, p2pkh(MAIN))],
  ['bitcoin', 'P2WPKH of testnet', p2wpkh(TEST)], ['bitcoin', 'P2PKH of testnet', p2pkh(TEST)],
  ['bitcoin', 'compressed public key', hex], ['bitcoin', 'uncompressed public key', whole],
  ['bitcoin-testnet', 'P2PKH, uncompressed key', uncompressed(TEST)],
  ['bitcoin-testnet', 'P2WPKH of regtest', p2wpkh(REG)], ['bitcoin-testnet', 'P2TR of regtest', p2tr(REG)],
  ['bitcoin-testnet', 'P2WPKH of mainnet', p2wpkh(MAIN)], ['bitcoin-testnet', 'P2TR of mainnet', p2tr(MAIN)],
  ['bitcoin-testnet', 'P2PKH of mainnet', p2pkh(MAIN)], ['bitcoin-testnet', 'P2SH-P2WPKH of mainnet', p2sh(MAIN)],
  ['bitcoin-testnet', 'BIP-21 P2WPKH', start('bitcoin:', p2wpkh(TEST), '?amount=0.015')],
  ['bitcoin-testnet', 'CAIP-10 P2WPKH', start(TEST_ID, p2wpkh(TEST))],
  ['litecoin', 'P2PKH, uncompressed key', uncompressed(LITECOIN)],
  ['litecoin', 'P2SH-P2WPKH, old prefix', p2sh(OLD_LITECOIN)], ['litecoin', 'P2SH-P2WPKH, new prefix', p2sh(LITECOIN)],
  ['litecoin', 'P2TR', p2tr(LITECOIN)],
  ['litecoin', 'P2PKH of bitcoin', p2pkh(MAIN)], ['litecoin', 'P2WPKH of bitcoin', p2wpkh(MAIN)],
  ['litecoin', 'URI P2WPKH', start('litecoin:', p2wpkh(LITECOIN), '?amount=0.015')],
  ['litecoin', 'URI P2PKH', start('litecoin:', p2pkh(LITECOIN), '?amount=0.015')],
  ['litecoin', 'URI, upper case', start('LITECOIN:', upper(p2wpkh(LITECOIN)))],
  ['litecoin', 'CAIP-10 P2WPKH', start(LTC_ID, p2wpkh(LITECOIN))],
  ['dogecoin', 'P2PKH, uncompressed key', uncompressed(DOGECOIN)], ['dogecoin', 'P2SH-P2WPKH', p2sh(DOGECOIN)],
  ['dogecoin', 'P2PKH of bitcoin', p2pkh(MAIN)],
  ['dogecoin', 'URI P2PKH', start('dogecoin:', p2pkh(DOGECOIN), '?amount=0.015')],
  ['dogecoin', 'CAIP-10 P2PKH', start(DOGE_ID, p2pkh(DOGECOIN))],
].map((row) => [['@scure/btc-signer'], ...row]);

// --- Tron, XRP Ledger

const tronHex = (key) => TronWeb.address.toHex(tron(key)).toLowerCase();
const TRON = [
  ['ethereum', 'tron address', tron],
  ['tron', 'hexadecimal', tronHex], ['tron', 'hexadecimal, upper case', upper(tronHex)],
  ['tron', 'hexadecimal with 0x', start('0x', tronHex)],
  ['tron', '20 bytes with 0x', (key) => '0x' + tronHex(key).slice(2)],
  ['tron', '20 bytes with 0x, EIP-55', (key) => getAddress('0x' + tronHex(key).slice(2))],
  ['tron', '20 bytes without 0x', (key) => tronHex(key).slice(2)],
  ['tron', 'URI', start('tron:', tron)], ['tron', 'CAIP-10', start('tron:0x2b6653dc:', tron)],
  ['tron', 'compressed public key', hex],
].map((row) => [['tronweb', 'ethers'], ...row]);

const classic = (key) => encodeAccountID(hash160(key));
const xAddress = (tag, test = false) => (key) => classicAddressToXAddress(classic(key), tag, test);
const XRP = [
  ['xrp', 'X-address', xAddress(false)],
  ...[0, 12345, 4294967295].map((tag) => ['xrp', `X-address tag ${tag}`, xAddress(tag)]),
  ['xrp', 'X-address of testnet', xAddress(false, true)], ['xrp', 'X-address of testnet tag 12345', xAddress(12345, true)],
  ['xrp', 'classic address and tag', start('', classic, ':12345')], ['xrp', 'classic address and tag 0', start('', classic, ':0')],
  ['xrp', 'classic address with dt', start('', classic, '?dt=12345')],
  ['xrp', 'URI', start('xrpl:', classic)], ['xrp', 'URI with dt', start('ripple:', classic, '?dt=12345')],
  ['xrp', 'CAIP-10', start('xrpl:0:', classic)],
  ['xrp', 'account public key', (key) => encodeAccountPublic(key)],
  ['xrp', 'compressed public key', upper(hex)],
].map((row) => [['ripple-address-codec', '@scure/btc-signer'], ...row]);

// --- Cosmos

const ETHEREUM_KEYS = ['canto', 'crc', 'dym', 'evmos', 'ex', 'humans', 'inj', 'one', 'xpla', 'zeta'];
const raw = (key) => hex(rawSecp256k1PubkeyToRawAddress(key));
const COSMOS = [
  ['cosmos:cosmos', 'operator', cosmos('cosmosvaloper')],
  ...['osmo', 'celestia', 'dydx', 'thor'].map((hrp) => ['cosmos:cosmos', `same account ${hrp}`, cosmos(hrp)]),
  ['cosmos:cosmos', 'upper case', upper(cosmos('cosmos'))],
  ['cosmos:cosmos', 'public key', (key) => encodeBech32Pubkey(encodeSecp256k1Pubkey(key), 'cosmospub')],
  ['cosmos:cosmos', 'CAIP-10', start('cosmos:cosmoshub-4:', cosmos('cosmos'))],
  ['cosmos:cosmos', 'hexadecimal', upper(raw)],
  ['cosmos:osmo', 'same account cosmos', cosmos('cosmos')], ['cosmos:osmo', 'operator', cosmos('osmovaloper')],
  ...[...ETHEREUM_KEYS, 'sei', 'kava'].map((hrp) => [`cosmos:${hrp}`, 'Cosmos account', cosmos(hrp)]),
  ...['sei', 'kava'].map((hrp) => [`cosmos:${hrp}`, 'Cosmos account with 0x', start('0x', raw)]),
].map((row) => [['@cosmjs/amino'], ...row]);
const ETHEREUM_IN_BECH32 = [
  ...['one', 'io', 'inj', 'ex', 'evmos'].map((hrp) => ['ethereum', `bech32 ${hrp}`, bech(hrp)]),
  ['cosmos:cosmos', 'bech32 inj', bech('inj')],
  ['cosmos:inj', 'operator', bech('injvaloper')], ['cosmos:inj', 'same account evmos', bech('evmos')],
  ...[...ETHEREUM_KEYS, 'sei', 'kava'].flatMap((hrp) => [
    [`cosmos:${hrp}`, 'Ethereum account', bech(hrp)], [`cosmos:${hrp}`, 'EVM address', evm]]),
].map((row) => [['ethers', '@scure/base'], ...row]);

// --- keys of Ed25519

const solana = (key) => getAddressDecoder().decode(key);
const base64 = (key) => key.toString('base64');
const SOLANA = [
  ['solana', 'public key', hex], ['solana', 'public key with 0x', hex0x], ['solana', 'public key, base64', base64],
  ['solana', 'URI', start('solana:', solana)], ['solana', 'URI with amount', start('solana:', solana, '?amount=1.5&label=Michael')],
  ['solana', 'CAIP-10', start('solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp:', solana)],
].map((row) => [['@solana/addresses'], ...row]);

const stellar = (key) => StrKey.encodeEd25519PublicKey(key);
function muxed(number) {
  const id = Buffer.alloc(8);
  id.writeBigUInt64BE(number);
  return (key) => StrKey.encodeMed25519PublicKey(Buffer.concat([key, id]));
}
const SEP7 = 'web+stellar:pay?destination=';
const STELLAR = [
  ...[0n, 12345n, 2n ** 64n - 1n].map((number) => ['stellar', `muxed ${number}`, muxed(number)]),
  ['stellar', 'account id and memo', start('', stellar, ':12345')],
  ['stellar', 'SEP-7', start(SEP7, stellar)],
  ['stellar', 'SEP-7 with amount', start(SEP7, stellar, '&amount=120.1234567&memo=12345&memo_type=MEMO_ID')],
  ['stellar', 'SEP-7 muxed', start(SEP7, muxed(12345n))],
  ['stellar', 'CAIP-10', start('stellar:pubnet:', stellar)],
  ['stellar', 'lower case', (key) => stellar(key).toLowerCase()],
  ['stellar', 'public key', hex], ['stellar', 'public key with 0x', hex0x],
].map((row) => [['@stellar/stellar-base'], ...row]);

const aptosOf = (publicKey) => AuthenticationKey.fromPublicKey({ publicKey }).derivedAddress();
const legacy = (key) => aptosOf(new AptosKey(key));
const singleKey = (key) => aptosOf(new AnyPublicKey(new AptosKey(key)));
const APTOS = [
  ['aptos', 'legacy', (key) => legacy(key).toString()],
  ['aptos', 'legacy without 0x', (key) => legacy(key).toStringWithoutPrefix()],
  ['aptos', 'legacy, zeros dropped', (key) => legacy(key).toStringShort(), ALL],
  ['aptos', 'SingleKey', (key) => singleKey(key).toString()],
  ['aptos', 'SingleKey without 0x', (key) => singleKey(key).toStringWithoutPrefix()],
  ['aptos', 'SingleKey, zeros dropped', (key) => singleKey(key).toStringShort(), ALL],
  ['aptos', 'upper case', (key) => '0x' + legacy(key).toStringWithoutPrefix().toUpperCase()],
  ['aptos', 'CAIP-10', (key) => `aptos:1:${legacy(key)}`],
  ['aptos', 'public key', (key) => hex(new AptosKey(key).toUint8Array())],
  ['aptos', 'public key with 0x', (key) => new AptosKey(key).toString()],
].map((row) => [['@aptos-labs/ts-sdk'], ...row]);

const sui = (key) => new SuiKey(key).toSuiAddress();
function suiShort(key) {
  const text = sui(key).replace(/^0x0+/, '0x');
  if (normalizeSuiAddress(text) !== sui(key)) throw new Error('not the same address of Sui');
  return text;
}
const SUI = [
  ['sui', 'without 0x', (key) => sui(key).slice(2)], ['sui', 'zeros dropped', suiShort, ALL],
  ['sui', 'upper case', (key) => '0x' + sui(key).slice(2).toUpperCase()],
  ['sui', 'CAIP-10', start('sui:mainnet:', sui)],
  ['sui', 'public key, base64 with flag', (key) => new SuiKey(key).toSuiPublicKey()],
  ['sui', 'public key, base64', (key) => new SuiKey(key).toBase64()],
  ['sui', 'public key', hex], ['sui', 'public key with 0x', hex0x],
].map((row) => [['@mysten/sui'], ...row]);

const ss58 = (prefix) => (key) => encodeAddress(key, prefix);
const POLKADOT = [
  ...[0, 2, 5, 10, 42, 63, 64, 255, 16383].map((prefix) => ['polkadot:0', `SS58 prefix ${prefix}`, ss58(prefix)]),
  ['polkadot:2', 'SS58 prefix 0', ss58(0)], ['polkadot:42', 'SS58 prefix 0', ss58(0)], ['polkadot:2', 'SS58 prefix 42', ss58(42)],
  ['polkadot:0', 'public key', hex], ['polkadot:0', 'public key with 0x', hex0x], ['polkadot:2', 'public key with 0x', hex0x],
  ['polkadot:0', 'CAIP-10', start('polkadot:91b171bb158e2d3848fa23a9f1c25182:', ss58(0))],
].map((row) => [['@polkadot/util-crypto'], ...row]);

const NOTATIONS = [...EVM, ...RSK, ...CASH, ...BITCOIN, ...TRON, ...XRP, ...COSMOS, ...ETHEREUM_IN_BECH32,
  ...SOLANA, ...STELLAR, ...APTOS, ...SUI, ...POLKADOT];
const ED_CHAINS = ['solana', 'stellar', 'aptos', 'sui', 'polkadot'];
const keyType = (chain) => (ED_CHAINS.includes(chain.split(':')[0]) ? 'eddsa' : 'ecdsa');

// --- what the keys above do not show: an ICAP of 30 characters with no zero before it, addresses with zeros in front

/** Keys of the private scalars 1, 2, 3, ..., the first COUNT of which that is true. */
function smallKeys(Point, isWanted, address, text) {
  const cases = [];
  for (let number = 1, point = Point.BASE; cases.length < COUNT; number += 1, point = point.add(Point.BASE)) {
    const key = Buffer.from(point.toBytes());
    if (isWanted(key)) cases.push({ private_key: number, public_key: hex(key), address: address(key), text: text(key) });
  }
  return cases;
}

const hasZero = (address) => (key) => address(key).startsWith('0x0');
const SMALL = [
  ['ethers', 'ethereum', 'ICAP, direct', secp256k1.Point, (key) => low(key) < '08', evm, icap],
  ['@aptos-labs/ts-sdk', 'aptos', 'legacy, zeros in front', ed25519.Point, hasZero((key) => legacy(key).toString()),
    (key) => legacy(key).toString(), (key) => legacy(key).toStringShort()],
  ['@aptos-labs/ts-sdk', 'aptos', 'SingleKey, zeros in front', ed25519.Point, hasZero((key) => singleKey(key).toString()),
    (key) => singleKey(key).toString(), (key) => singleKey(key).toStringShort()],
  ['@mysten/sui', 'sui', 'zeros in front', ed25519.Point, hasZero(sui), sui, suiShort],
];

// --- texts of another account, and texts of none

/** The key of the opposite private key: the same x, so only the byte in front tells them apart. */
const negative = (key) => Buffer.concat([Buffer.from([key[0] ^ 1]), key.subarray(1)]);
/** Texts that hold this account's address, x or hash, and mean another account: [chain, what it is, text of two keys] */
const TRAPS = [
  ['ethereum', 'EIP-681 of another account, this one in the query',
    (key, other) => `ethereum:${evm(other)}@1?value=1e18&label=${evm(key)}`],
  ['ethereum', 'compressed public key of the negative', (key) => hex0x(negative(key))],
  ['ethereum', 'uncompressed public key of the negative', (key) => '0x' + whole(negative(key))],
  ['ethereum', 'Cosmos account with 0x', start('0x', raw)],
  ['bitcoin', 'BIP-21 of another account, this one as label',
    (key, other) => `bitcoin:${p2wpkh(MAIN)(other)}?amount=0.015&label=${p2wpkh(MAIN)(key)}`],
  ['bitcoin', 'P2WPKH of the negative', (key) => p2wpkh(MAIN)(negative(key))],
  ['litecoin', 'URI of another account, this one as message',
    (key, other) => `litecoin:${p2wpkh(LITECOIN)(other)}?message=${p2wpkh(LITECOIN)(key)}`],
  ['tron', 'Cosmos account after 41', start('41', raw)],
  ['xrp', 'URI of another account, this one as memo', (key, other) => `xrpl:${classic(other)}?dt=12345&memo=${classic(key)}`],
  ['solana', 'URI of another account, this one as reference',
    (key, other) => `solana:${solana(other)}?amount=1.5&reference=${solana(key)}`],
  ['stellar', 'SEP-7 of another account, this one as memo', (key, other) => `${SEP7}${stellar(other)}&memo=${stellar(key)}`],
  ['stellar', 'SEP-7 of another account, this one before it',
    (key, other) => `web+stellar:pay?msg=${stellar(key)}&destination=${stellar(other)}`],
];

const gives = (work) => {
  try {
    return work() !== false;
  } catch {
    return false;
  }
};
const takesBitcoin = (net) => (text) => gives(() => btc.Address(net).decode(text));
const takesBech32 = (hrp) => (text) => gives(() => {
  const { prefix, words } = bech32.decode(text);
  return prefix === hrp && bech32.fromWords(words).length === 20;
});
const takesSs58 = (prefix) => (text) => checkAddress(text, prefix)[0];
const isPoint = (text) => text.length === 132 && gives(() => SigningKey.computePublicKey(text, true));
const isTron = (text) => TronWeb.isAddress(text);
/** [chain, notation, the right text of a key, is a text an address] */
const JUDGES = [
  ['ethereum', 'EIP-55', evm, isAddress], ['ethereum', 'ICAP', icap, isAddress],
  ['ethereum', 'uncompressed public key with 0x', start('0x', whole), isPoint],
  ['bitcoin', 'P2PKH', p2pkh(MAIN), takesBitcoin(MAIN)], ['bitcoin', 'P2SH-P2WPKH', p2sh(MAIN), takesBitcoin(MAIN)],
  ['bitcoin', 'P2WPKH', p2wpkh(MAIN), takesBitcoin(MAIN)], ['bitcoin', 'P2TR', p2tr(MAIN), takesBitcoin(MAIN)],
  ['bitcoin', 'CashAddr P2PKH', cashPkh('bitcoincash'), (text) => gives(() => cashaddr.decode(text))],
  ['bitcoin-testnet', 'P2PKH', p2pkh(TEST), takesBitcoin(TEST)], ['bitcoin-testnet', 'P2WPKH', p2wpkh(TEST), takesBitcoin(TEST)],
  ['bitcoin-testnet', 'P2WPKH of regtest', p2wpkh(REG), takesBitcoin(REG)],
  ['litecoin', 'P2PKH', p2pkh(LITECOIN), takesBitcoin(LITECOIN)],
  ['litecoin', 'P2SH-P2WPKH', p2sh(LITECOIN), takesBitcoin(LITECOIN)],
  ['litecoin', 'P2WPKH', p2wpkh(LITECOIN), takesBitcoin(LITECOIN)], ['dogecoin', 'P2PKH', p2pkh(DOGECOIN), takesBitcoin(DOGECOIN)],
  ['tron', 'Tron address', tron, isTron], ['tron', 'hexadecimal', tronHex, isTron],
  ['xrp', 'classic address', classic, isValidClassicAddress], ['xrp', 'X-address tag 12345', xAddress(12345), isValidXAddress],
  ['cosmos:cosmos', 'Cosmos address', cosmos('cosmos'), takesBech32('cosmos')],
  ['cosmos:osmo', 'Cosmos address', cosmos('osmo'), takesBech32('osmo')],
  ['cosmos:inj', 'Ethereum account', bech('inj'), takesBech32('inj')],
  ['solana', 'Solana address', solana, isSolanaAddress],
  ['stellar', 'account id', stellar, (text) => StrKey.isValidEd25519PublicKey(text)],
  ['stellar', 'muxed 12345', muxed(12345n), (text) => StrKey.isValidMed25519PublicKey(text)],
  ['aptos', 'legacy', (key) => legacy(key).toString(), (text) => gives(() => AccountAddress.from(text))],
  ['sui', 'Sui address', sui, isValidSuiAddress],
  ['polkadot:0', 'SS58 prefix 0', ss58(0), takesSs58(0)], ['polkadot:0', 'SS58 prefix 42', ss58(42), takesSs58(42)],
];

/** What is not so in others.json and broken.json. */
function judged(folder, keys, texts) {
  const read = (name) => JSON.parse(readFileSync(join(folder, name))).cases;
  const named = ({ chain, notation, text }) => `${chain} ${notation} ${text}`;
  const another = (chain, notation, key) => {
    const trap = TRAPS.find((one) => one[0] === chain && one[1] === notation);
    const [mine, other] = keys[keyType(chain)].slice(key);
    return trap ? trap[2](mine, other) : texts[`${chain} ${notation}`][key + 1];
  };
  const others = read('others.json').filter(({ chain, key_type, key, notation, text }) =>
    key_type !== keyType(chain) || another(chain, notation, key) !== text
    || Object.entries(texts).some(([name, cases]) => name.startsWith(`${chain} `) && cases[key] === text));
  const broken = read('broken.json').filter((one) => {
    const [, , address, isOne] = JUDGES.find(([chain, notation]) => chain === one.chain && notation === one.notation);
    return !isOne(address(keys[one.key_type][one.key])) || isOne(one.text);
  });
  return [...others.map((one) => `others.json: ${named(one)}`), ...broken.map((one) => `broken.json: ${named(one)}`)];
}

function build(keys) {
  const files = {};
  const texts = {};
  /** One file a chain. */
  const document = (chain, programs) => {
    const name = chain.replace(':', '-');
    files[name] ??= { source: new Set(), kind: 'notations', chain, key_type: keyType(chain), notations: {}, small: {} };
    programs.forEach((program) => files[name].source.add(program));
    return files[name];
  };
  for (const [programs, chain, notation, text, count = COUNT] of NOTATIONS) {
    const cases = keys[keyType(chain)].slice(0, count).map(text);
    document(chain, programs).notations[notation] = cases;
    texts[`${chain} ${notation}`] = cases;
  }
  for (const [program, chain, notation, Point, isWanted, address, text] of SMALL) {
    document(chain, [program]).small[notation] = smallKeys(Point, isWanted, address, text);
  }
  for (const one of Object.values(files)) one.source = from(...[...one.source].sort());
  return [Object.entries(files), texts];
}

const [keyFolder, folder, mode] = process.argv.slice(2);
const readKeys = (kind) => JSON.parse(readFileSync(join(keyFolder, `keys-${kind}.node.json`))).cases
  .map((one) => Buffer.from(one.child_public_key, 'hex'));
const keys = { ecdsa: readKeys('ecdsa'), eddsa: readKeys('eddsa') };
const [files, texts] = build(keys);
const wrong = [];
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
const made = new Set(files.map(([name]) => `${name}.node.json`));
if (mode === '--check') wrong.push(...readdirSync(folder).filter((name) => name.endsWith('.node.json') && !made.has(name)));
if (wrong.length > 0) {
  console.error('not what is frozen: ' + wrong.join(', '));
  process.exit(1);
}
const doubts = judged(folder, keys, texts);
if (doubts.length > 0) {
  console.error('not what the libraries say:\n' + doubts.join('\n'));
  process.exit(1);
}
console.log(`${files.length} files ${mode === '--check' ? 'agree' : 'written'}, others.json and broken.json confirmed (Node)`);
