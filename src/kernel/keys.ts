/** Keys of this network: one to sign what leaves it, one to open what is sealed to it, one to seal what it keeps. Files are private to the user. */
import { createCipheriv, createDecipheriv, createHmac, createPrivateKey, createPublicKey, diffieHellman, generateKeyPairSync, hkdfSync, randomBytes, sign, verify, type KeyObject } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Network } from './config.ts';

function writeOnce(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(temporary, content, { mode: 0o600 });
  try {
    // A link never overwrites: of two processes starting at once the first key stands.
    linkSync(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

export interface NetworkKeys {
  /** Ed25519 signature over the bytes. */
  sign(bytes: Uint8Array): string;
  /** Opens what {@link sealTo} sealed to this network. @throws Error when key, place or bytes do not match */
  open(sealed: Uint8Array, about: string): Buffer;
  /** AES-256-GCM; the result carries nonce and tag. `about` binds the value to its place. */
  seal(plain: Uint8Array | string, about: string): Buffer;
  /** @throws Error when value or place do not match */
  unseal(sealed: Uint8Array, about: string): Buffer;
  /** Keyed digest for equality look-ups; an unkeyed digest of an ID number would be the ID number. */
  digest(text: string): string;
  /** Key for cookies and form tokens. */
  readonly token_key: Buffer;
}

/** A key pair in two files, the private one made on first use, the public one derived from it. @returns the private key */
function openPair(privatePath: string, publicPath: string, make: () => KeyObject): KeyObject {
  if (!existsSync(privatePath)) writeOnce(privatePath, make().export({ type: 'pkcs8', format: 'pem' }) as string);
  const privateKey = createPrivateKey(readFileSync(privatePath));
  if (!existsSync(publicPath)) writeOnce(publicPath, createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }) as string);
  return privateKey;
}

function encrypt(key: Uint8Array, plain: Uint8Array | string, about: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(about));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

function decrypt(key: Uint8Array, bytes: Buffer, about: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(about));
  decipher.setAuthTag(bytes.subarray(12, 28));
  return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]);
}

/** The fixed head of an X25519 public key in SPKI form (RFC 8410); the key's 32 bytes follow. */
const x25519Head = Buffer.from('302a300506032b656e032100', 'hex');
const x25519Bytes = (key: KeyObject): Buffer => (key.export({ type: 'spki', format: 'der' }) as Buffer).subarray(x25519Head.length);

/** The key of one sealed thing; both public keys go into it, so that it fits no other pair (RFC 7748, section 6.1). */
function sealingSecret(privateKey: KeyObject, publicKey: KeyObject, once: Buffer, receiver: Buffer): Buffer {
  const agreed = diffieHellman({ privateKey, publicKey });
  return Buffer.from(hkdfSync('sha256', agreed, Buffer.concat([once, receiver]), 'huzheng sealed to a network', 32));
}

/**
 * Seals bytes so that only the network whose key this is can open them: X25519 with a key used once,
 * HKDF-SHA-256, AES-256-GCM. The result carries the one-time public key, nonce and tag.
 * @param about binds the bytes to their place
 */
export function sealTo(key: KeyObject, plain: Uint8Array | string, about: string): Buffer {
  const pair = generateKeyPairSync('x25519');
  const once = x25519Bytes(pair.publicKey);
  return Buffer.concat([once, encrypt(sealingSecret(pair.privateKey, key, once, x25519Bytes(key)), plain, about)]);
}

/** Opens the keys of a network, making them on first use. The private part never leaves its network. */
export function openKeys(directory: string, network: Network): NetworkKeys {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const secretPath = join(directory, `${network}.secret`);
  const privateKey = openPair(join(directory, `${network}.signing.pem`), join(directory, `${network}.public.pem`), () => generateKeyPairSync('ed25519').privateKey);
  const openingKey = openPair(join(directory, `${network}.opening.pem`), join(directory, `${network}.sealing.pem`), () => generateKeyPairSync('x25519').privateKey);
  const ownPoint = x25519Bytes(createPublicKey(openingKey));
  if (!existsSync(secretPath)) writeOnce(secretPath, randomBytes(32));
  const secret = readFileSync(secretPath);
  const sealKey = createHmac('sha256', secret).update('seal').digest();
  const digestKey = createHmac('sha256', secret).update('digest').digest();
  return {
    sign: (bytes) => sign(null, bytes, privateKey).toString('base64'),
    open(sealed, about) {
      const bytes = Buffer.from(sealed);
      const once = bytes.subarray(0, 32);
      const publicKey = createPublicKey({ key: Buffer.concat([x25519Head, once]), format: 'der', type: 'spki' });
      return decrypt(sealingSecret(openingKey, publicKey, once, ownPoint), bytes.subarray(32), about);
    },
    seal: (plain, about) => encrypt(sealKey, plain, about),
    unseal: (sealed, about) => decrypt(sealKey, Buffer.from(sealed), about),
    digest: (text) => createHmac('sha256', digestKey).update(text).digest('hex'),
    token_key: createHmac('sha256', secret).update('token').digest(),
  };
}

/** The public key by which the other network's parcels are checked. @throws Error when it is not installed */
export function publicKeyOf(directory: string, network: Network): KeyObject {
  return createPublicKey(readFileSync(join(directory, `${network}.public.pem`)));
}

/** The public key to which parcels for a network are sealed. @throws Error when it is not installed */
export function sealingKeyOf(directory: string, network: Network): KeyObject {
  return createPublicKey(readFileSync(join(directory, `${network}.sealing.pem`)));
}

export function verifySignature(bytes: Uint8Array, signature: string, key: KeyObject): boolean {
  const decoded = Buffer.from(signature, 'base64');
  // Base64 leaves bits unused; a signature has one spelling only.
  return decoded.toString('base64') === signature && verify(null, bytes, key, decoded);
}
