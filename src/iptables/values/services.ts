/** The few service names that people type in rules; iptables itself always prints numbers. */

const SERVICES: ReadonlyMap<string, number> = new Map(
  Object.entries({
    'ftp-data': 20,
    ftp: 21,
    ssh: 22,
    telnet: 23,
    smtp: 25,
    domain: 53,
    bootps: 67,
    bootpc: 68,
    tftp: 69,
    http: 80,
    www: 80,
    kerberos: 88,
    pop3: 110,
    sunrpc: 111,
    auth: 113,
    ntp: 123,
    'netbios-ns': 137,
    'netbios-dgm': 138,
    'netbios-ssn': 139,
    imap2: 143,
    imap: 143,
    snmp: 161,
    bgp: 179,
    ldap: 389,
    https: 443,
    'microsoft-ds': 445,
    isakmp: 500,
    syslog: 514,
    submission: 587,
    ipp: 631,
    ldaps: 636,
    imaps: 993,
    pop3s: 995,
    openvpn: 1194,
    nfs: 2049,
    mysql: 3306,
    sip: 5060,
    mdns: 5353,
    postgresql: 5432,
    'http-alt': 8080,
  }),
);

/** The port of a service name, or null. */
export function serviceNumber(name: string): number | null {
  return SERVICES.get(name) ?? null;
}
