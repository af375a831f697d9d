import { describe, expect, it } from 'vitest';
import { farmFailure } from '../../../main/farm/failures.ts';

/** As Node's OpenSSL 3.5 says it, and as Electron's BoringSSL does. */
const openssl = (words: string, number: number): NodeJS.ErrnoException =>
  Object.assign(
    new Error(
      `40FD892F747F0000:error:0A000${(1000 + number).toString(16)}:SSL routines:ssl3_read_bytes:${words}:../deps/openssl/openssl/ssl/record/rec_layer_s3.c:918:SSL alert number ${number}\n`,
    ),
    { code: `ERR_SSL_${words.toUpperCase().replaceAll(' ', '_')}` },
  );
const boringssl = (words: string, number: number): NodeJS.ErrnoException =>
  Object.assign(
    new Error(
      `23880018625408:error:10000${(1000 + number).toString(16)}:SSL routines:OPENSSL_internal:${words}:../../third_party/boringssl/src/ssl/tls_record.cc:572:SSL alert number ${number}\n`,
    ),
    { code: `ERR_SSL_${words}` },
  );
const alone = ({ message }: Error): Error => new Error(message);
const url = 'rediss://farm.example.org:6380';
const said = (error: Error) => {
  const { code, message } = farmFailure(error, url);
  return [code, message];
};

describe('an alert of TLS', () => {
  const ofCertificates: readonly (readonly [
    string,
    NodeJS.ErrnoException,
    NodeJS.ErrnoException,
  ])[] = [
    [
      'certificate required',
      openssl('tlsv13 alert certificate required', 116),
      boringssl('TLSV1_ALERT_CERTIFICATE_REQUIRED', 116),
    ],
    ['unknown ca', openssl('tlsv1 alert unknown ca', 48), boringssl('TLSV1_ALERT_UNKNOWN_CA', 48)],
    [
      'bad certificate',
      openssl('ssl/tls alert bad certificate', 42),
      boringssl('SSLV3_ALERT_BAD_CERTIFICATE', 42),
    ],
    [
      'access denied',
      openssl('tlsv1 alert access denied', 49),
      boringssl('TLSV1_ALERT_ACCESS_DENIED', 49),
    ],
  ];
  it.each(ofCertificates)(
    'that says "%s" is about the certificate of this side',
    (words, ...errors) => {
      const asked = [
        'farm-certificate-asked',
        `The server at ${url} does not let this computer in by its certificate: ${words}.`,
      ];
      for (const error of errors) {
        expect(said(error)).toEqual(asked);
        expect(said(alone(error))).toEqual(asked);
      }
    },
  );

  const others: readonly (readonly [string, NodeJS.ErrnoException, NodeJS.ErrnoException])[] = [
    [
      'handshake failure',
      openssl('ssl/tls alert handshake failure', 40),
      boringssl('SSLV3_ALERT_HANDSHAKE_FAILURE', 40),
    ],
    [
      'protocol version',
      openssl('tlsv1 alert protocol version', 70),
      boringssl('TLSV1_ALERT_PROTOCOL_VERSION', 70),
    ],
  ];
  it.each(others)('that says "%s" comes from who speaks TLS', (words, ...errors) => {
    const ended = ['farm-unreachable', `The server at ${url} ends the TLS handshake: ${words}.`];
    for (const error of errors) {
      expect(said(error)).toEqual(ended);
      expect(said(alone(error))).toEqual(ended);
    }
  });

  it('is not what comes from who speaks no TLS', () => {
    const [code] = said(
      Object.assign(new Error('error:0A00010B:SSL routines::wrong version number'), {
        code: 'ERR_SSL_WRONG_VERSION_NUMBER',
      }),
    );
    expect(code).toBe('farm-no-tls');
  });
});
