'use strict';

// What the address explorer computes: networks and kinds by lesson 01's rules, without a page around
// them. A test of the builder holds the results equal to those of the lesson's Rust code, word for word.
const AddressModel = (() => {
    const NO = 'packets to it do not cross the internet';
    const YES = 'packets to it may cross the internet';
    const UNSTATED = 'the registry does not say';

    // The table of lessons/01-ip-address/src/kind.rs: block, kind, name, source, reach.
    const BLOCKS = [
        ['0.0.0.0/8', 'this network', '"This network"', 'RFC 791 §3.2', NO],
        ['0.0.0.0/32', 'unspecified', '"This host on this network"', 'RFC 1122 §3.2.1.3', NO],
        ['10.0.0.0/8', 'private', 'Private-Use', 'RFC 1918 §3', NO],
        ['100.64.0.0/10', 'shared', 'Shared Address Space', 'RFC 6598', NO],
        ['127.0.0.0/8', 'loopback', 'Loopback', 'RFC 1122 §3.2.1.3', NO],
        ['169.254.0.0/16', 'link-local', 'Link Local', 'RFC 3927', NO],
        ['172.16.0.0/12', 'private', 'Private-Use', 'RFC 1918 §3', NO],
        ['192.0.0.0/24', 'protocol assignment', 'IETF Protocol Assignments', 'RFC 6890 §2.1', NO],
        ['192.0.0.0/29', 'protocol assignment', 'IPv4 Service Continuity Prefix', 'RFC 7335', NO],
        ['192.0.0.8/32', 'protocol assignment', 'IPv4 dummy address', 'RFC 7600', NO],
        ['192.0.0.9/32', 'anycast service', 'Port Control Protocol Anycast', 'RFC 7723', YES],
        ['192.0.0.10/32', 'anycast service', 'Traversal Using Relays around NAT Anycast', 'RFC 8155', YES],
        ['192.0.0.170/31', 'protocol assignment', 'NAT64/DNS64 Discovery', 'RFC 8880, RFC 7050 §2.2', NO],
        ['192.0.2.0/24', 'documentation', 'Documentation (TEST-NET-1)', 'RFC 5737', NO],
        ['192.31.196.0/24', 'anycast service', 'AS112-v4', 'RFC 7535', YES],
        ['192.52.193.0/24', 'anycast service', 'AMT', 'RFC 7450', YES],
        ['192.88.99.0/24', 'deprecated', 'Deprecated (6to4 Relay Anycast)', 'RFC 7526', UNSTATED],
        ['192.88.99.2/32', 'anycast service', '6a44-relay anycast address', 'RFC 6751', NO],
        ['192.168.0.0/16', 'private', 'Private-Use', 'RFC 1918 §3', NO],
        ['192.175.48.0/24', 'anycast service', 'Direct Delegation AS112 Service', 'RFC 7534', YES],
        ['198.18.0.0/15', 'benchmarking', 'Benchmarking', 'RFC 2544', NO],
        ['198.51.100.0/24', 'documentation', 'Documentation (TEST-NET-2)', 'RFC 5737', NO],
        ['203.0.113.0/24', 'documentation', 'Documentation (TEST-NET-3)', 'RFC 5737', NO],
        ['240.0.0.0/4', 'reserved', 'Reserved', 'RFC 1112 §4', NO],
        ['255.255.255.255/32', 'broadcast', 'Limited Broadcast', 'RFC 8190, RFC 919 §7', NO],
        ['224.0.0.0/4', 'multicast', 'Multicast', 'RFC 5771', UNSTATED],
        ['0.0.0.0/0', 'public', 'in no special-purpose block', 'RFC 6890', YES],
    ];

    /** The first address and the prefix length of each block. */
    const HELD = BLOCKS.map(row => readAddress(row[0]));

    /** The 32 bits as four octets. A number of JavaScript has them unsigned: `>>> 0`. */
    const octets = bits => [24, 16, 8, 0].map(shift => bits >>> shift & 255);
    const dotted = bits => octets(bits).join('.');
    const binary = bits => octets(bits).map(octet => octet.toString(2).padStart(8, '0')).join('.');

    /** Shifting by 32 does nothing in JavaScript, so /0 needs a case of its own. */
    const mask = prefix => prefix === 0 ? 0 : (0xffffffff << 32 - prefix) >>> 0;

    const grouped = number => String(number).replace(/\B(?=(\d{3})+$)/g, ',');

    /** The block with the longest prefix that holds the address. */
    function block(bits) {
        const fits = BLOCKS.filter((_, row) => (bits & mask(HELD[row].prefix)) >>> 0 === HELD[row].bits);
        const prefix = row => HELD[BLOCKS.indexOf(row)].prefix;
        return fits.reduce((best, next) => prefix(next) > prefix(best) ? next : best);
    }

    /** The rows of the explorer's table, by their names. */
    function describe(bits, prefix) {
        const lowest = (bits & mask(prefix)) >>> 0;
        const highest = (bits | ~mask(prefix)) >>> 0;
        const reserved = prefix <= 30 ? 1 : 0;
        const none = { 31: 'none: a /31 joins two hosts (RFC 3021)', 32: 'none: a /32 is one host' };
        const addresses = 2 ** (32 - prefix);
        const [place, kind, name, source, reach] = block(bits);
        return {
            address: dotted(bits) + '/' + prefix,
            binary: binary(bits),
            mask: dotted(mask(prefix)),
            network: dotted(lowest),
            broadcast: none[prefix] || dotted(highest),
            first: dotted(lowest + reserved),
            last: dotted(highest - reserved),
            addresses: grouped(addresses),
            hosts: grouped(addresses - 2 * reserved),
            kind,
            registry: (place.endsWith('/0') ? '' : place + ' ') + name + ' (' + source + ')',
            reach,
        };
    }

    return { describe, octets, dotted };
})();
