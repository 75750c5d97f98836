/**
 * Digests of the options in the filters and actions that Debian distributes under names of ours (1.0.2-2 and 1.1.0-8):
 * data, to tell an admin's change from what was laid down. Written by scripts/distributed-entries.mjs with `digestOf`;
 * the files themselves are not part of this package.
 */

/** Digits of one digest. */
const DIGITS = 12;

// prettier-ignore
const joined: readonly (readonly [string, string])[] = [
  ['action.d/abuseipdb', '25fc0e2b9e1a58bfde819a62843ef72916c78a2f1d81aba4de6b45783ebaf2f13f554744fad7b3dd62e3'],
  ['action.d/iptables-allports', '2e847199100e80f55690128a'],
  ['action.d/iptables-ipset-proto6-allports', '80f55690128adfec1c58db18'],
  ['action.d/iptables-ipset-proto6', 'dfec1c58db18e47865d800a6'],
  ['action.d/iptables-ipset', '0b2f74aedbf612d02624652b1b81923ecd432e847199100e52b459e656f962e49e64606e6ad89d3c874a6de857c9247a74c04dacc30a845b012d8e8787fa679b68de913c5091b7a9b47087933f5cbb142e19750acf69cbd716a5ff7e81233cd2'],
  ['action.d/iptables-multiport', '2e847199100ee47865d800a6'],
  ['action.d/iptables-new', '1a87974bb49d2e847199100e'],
  ['action.d/iptables', '092732bc667c1038033b47581f2d8ce06b1f2c7d39c0edf231113a622b0e366effb2bcdc381514c441a93ba8d3d314234f3b144b694a5f887efd47375fd644de7e766fb59fda462471b164e0ccb777653dcc52e979b99cc9d6907d764dbe2fc97fb4af087205858a446123a28c3b7f17674090e8a3df5f24a5369b8f28bcb3ef64f55f68c57cd934df13c61ef71e2571dade7345737ee880bb7adec2f8a33c719afef9a86ece6504fb49ccdaf115fe55e9cf3aa7'],
  ['action.d/mail-whois-lines', '18edbdb2ae60224586e2d48125fc0e2b9e1a58bfde819a625f887efd47376e975e52107e8f11f44d533a8fa1a358ee59c1894c8eaa3dde6b45783ebaf25dc5632d0ef50cd71c0157'],
  ['action.d/mail-whois', '25fc0e2b9e1a482e68758ace58bfde819a625f887efd473766f5a6e721dc6e975e52107e7b52de0782708fbd756a1894de6b45783eba'],
  ['action.d/mail', '25fc0e2b9e1a58bfde819a625f887efd473767b72d0b1dc56e975e52107e8fbd756a1894de6b45783ebaeeb1443c8072'],
  ['action.d/nftables-allports', '80f55690128a86be7123c99b'],
  ['action.d/nftables-multiport', '86be7123c99be47865d800a6'],
  ['action.d/nftables', '0ee328cf366f0f9ad8d923ed14de9dc5db411b46a231268d20b2c95895c9260de2f304df2bcafa5dca4d3b14ad2c64473fb393a15a534681246bcabf49620d4cba1b4a6c8e3ce6d75e0a7f50503a5f887efd473762d4ae37764f6c17909f68406fb59fda46247ba7f121a9258b84242f59148c3b7f176740916132011426932e17fad1b39788fb4a6d319e3ec9899186a0c9c4657129a0db6ab889c4a8d673e0a8e1acc3616aac8eb34fd72bde04b9d0e75c6207c30291fb74cac400bf84b4a5d2140d81c10dd6775065d8fdda22c9c275dcdd35d7cc2644e47865d800a6ebfcb54ddb09f64124357246f7d1b24d2f50fd653ae050f4'],
  ['action.d/sendmail-whois-lines', '15a86209908e224586e2d48157b4342b9ab65f887efd4737de6b45783eba'],
  ['action.d/sendmail-whois-matches', '4a177fdb685d5f887efd47376033562d064ade6b45783eba'],
  ['action.d/sendmail-whois', '1a0825e78eb75f887efd47376033562d064ade6b45783eba'],
  ['action.d/sendmail', '04fd3b3339025f887efd4737807655b0e8c8de6b45783eba'],
  ['action.d/ufw', '0cd895c4ad6a25fc0e2b9e1a33b8339698b9743dabe5cfc7868cb194051d9bd9afe7b8c7a57592bceeb7bda8c0571d85d5ee962856a0df429ab65442ee338d7199c7f2f13f554744fad7b3dd62e3fd653ae050f4ffc6d4dcc122'],
  ['filter.d/apache-auth', '1bd612271b1420cfb99cb193244bba5cb50f38a56853e2da564c408f1b5f56b4008ce8fc6d84afcd9d8987827cdafbb3b0d8b6bc0ae0'],
  ['filter.d/dovecot', '4fd84d0fab3857118e1c87b66d84afcd9d898959879e7ef89a5740801d60a4d0965ed4b1b0d8b6bc0ae0b66def5d4b2cb82ac5090922c35dc5bea34ed40bf8f87ef9d665a875a25cfa701d43a23f'],
  ['filter.d/postfix', '01b8a5557db807f562163f21130cad1dcfd81451e314c1e91929dc5054502acc8ef64fb32e44e4d582c13b9656b7d9ae4698e9bc627a51f8e052e7b353bbdf4ba6325662d1c293215fa96b9189796e3ad3ec82787442f9c156567b446520d20984b6d873262a8c02b99330fd93f620afe9de9945052fb68dabfb64af953cb0d8b6bc0ae0b82ac5090922bb76913d6963c036e32d8407c3410f4810e5c5056787a093cbcc77b5a8c5d80f4514f200da164b5eab40f89affc5100e'],
  ['filter.d/recidive', '0560af7ff78b2b1f76cb290232aa639d98cf63facce14a886598572374107268c37863d477f41eb17ac182a1ed05c5e18bc9e94fb8a28df787ac870095ef8013d3439a9d9ae3f040a0f0d3e7c821b0d8b6bc0ae0b82ac5090922cb1d07facc5befbdbf560ba5'],
  ['filter.d/sshd', '052fd7e4180408142e7cbd7b0a7180a14e0613ba630ef80a2397983eccb4267ccdf9f06c2721d10b09182c69b370025d2ccebc28a50a31ea5abcc3a93895416b95e339bf1c0613413ee932620969496ba6d74bcf4e0bc85b0e9d575f091f5f5e5ea306ae79c26d84afcd9d8974acc87bf2f28fecc3020c9096d13b37398c971a2681d14f993a7d17f0d299835e8d09cba4d0965ed4b1b0d8b6bc0ae0b4729c3822d1b82ac5090922b9d3d1f8fa83c56eb92743d6cb7d0d3aa6f0cdb791acabf2cdd77c73f6c6d0b6d0a037ebd3c6b31a9db2d9583284669fdf396958d838df74aa4e2c1fed5b9a3482faf3f32df15ca3f61597101c6cf8ab6387c181'],
];

/** `filter.d/NAME` → digests of its options as distributed. */
export const distributedEntries: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  joined.map(([name, digests]) => [name, new Set(digests.match(new RegExp(`.{${DIGITS}}`, 'g')))]),
);
