'use strict';

// How the address explorer reads what was typed: lesson 01's strict parser and its sentences, without
// a page around them. A test of the builder holds every answer equal to that of the lesson's Rust code.
// Another script of the page calls it.
const readAddress = (() => {
    /** A fault: where it is, in UTF-16 units of the text, and the sentence about it. */
    const fault = (at, length, sentence) => ({ at, length, sentence });

    /** Control and invisible characters as Rust's escapes; 40 characters at most. */
    function shown(text) {
        const characters = [...text].map(character => {
            const named = { '\t': '\\t', '\r': '\\r', '\n': '\\n' }[character];
            const hidden = /[\p{Cc}\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u.test(character);
            return named || (hidden ? '\\u{' + character.codePointAt(0).toString(16) + '}' : character);
        });
        return characters.length > 40 ? characters.slice(0, 40).join('') + '…' : characters.join('');
    }

    function named(text) {
        const names = { '': 'nothing', ' ': 'a space', '\\t': 'a tab', '\\n': 'a line end' };
        return names[text] || '\'' + text + '\'';
    }

    function notADigit(text, at, octet) {
        const character = String.fromCodePoint(text.codePointAt(at));
        const say = sentence => fault(at, character.length, 'octet ' + octet + sentence);
        const before = text[at - 1];
        if (/[xX]/.test(character) && before === '0') {
            return say(' is in hexadecimal: octets are decimal here (a whole address may be 0x and 8 digits)');
        }
        if (/[+-]/.test(character)) {
            return say(' has a sign (' + character + '): an octet is digits alone');
        }
        if (/\p{N}/u.test(character)) {
            const code = character.codePointAt(0).toString(16).toUpperCase().padStart(4, '0');
            return say(' has \'' + character + '\' (U+' + code + '): only the ASCII digits 0 to 9 count');
        }
        const name = named(shown(character));
        return at === 0 || before === '.'
            ? say(' begins with ' + name + ': write a number from 0 to 255')
            : say(' is followed by ' + name + ', not by a dot');
    }

    /** Digits that are no octet: a leading zero, or more than 255. */
    function badDigits(digits, at, octet) {
        const say = sentence => fault(at, digits.length, 'octet ' + octet + sentence);
        if (digits[0] !== '0') {
            return say(' is ' + shown(digits) + ': an octet is 8 bits and holds 0 to 255');
        }
        const decimal = digits.replace(/^0+(?=.)/, '');
        const octal = /^[0-7]+$/.test(digits) ? String(parseInt(digits, 8)) : '256';
        return Number(octal) <= 255 && octal !== decimal
            ? say(' is octal ' + octal + ' to some programs and ' + decimal + ' to others: write one of these')
            : say(' has a leading zero, octal to some programs: write ' + decimal);
    }

    function tooFewOctets(text, found) {
        const parts = text.split('.');
        const filled = parts.length === 3 && [parts[0], parts[1], 0, parts[2]]
            || parts.length === 2 && [parts[0], 0, 0, parts[1]];
        return fault(text.length, 1, filled
            ? found + ' octets, not 4; some programs read ' + filled.join('.') + ': write all four'
            : found + ' of 4 octets: none may be left out');
    }

    function afterTheLastOctet(text, at) {
        const rest = text.slice(at);
        const say = sentence => fault(at, rest.length, sentence);
        if (/^\.\d/.test(rest)) {
            return say('a fifth octet: an IPv4 address has four (32 bits)');
        }
        if (/^\p{White_Space}+$/u.test(rest)) {
            return say('white space after the address: leave it out');
        }
        return rest[0] === '.'
            ? say('a dot after the fourth octet: the address has ended')
            : say('more text after the fourth octet: the address has ended');
    }

    /** Strict dotted decimal, from left to right: `{ bits }` or a fault. */
    function readDotted(text) {
        if (text === '') {
            return fault(0, 1, 'nothing is here: an IPv4 address has four octets, such as 100.4.5.6');
        }
        let at = 0;
        let bits = 0;
        for (let octet = 1; octet <= 4; octet += 1) {
            if (octet > 1) {
                if (at === text.length) {
                    return tooFewOctets(text, octet - 1);
                }
                if (text[at] !== '.') {
                    return notADigit(text, at, octet - 1);
                }
                at += 1;
            }
            const digits = /^\d*/.exec(text.slice(at))[0];
            if (digits === '') {
                return at === text.length || text[at] === '.'
                    ? fault(at, 1, 'octet ' + octet + ' is empty: a number from 0 to 255 must stand here')
                    : notADigit(text, at, octet);
            }
            if (digits.length > 1 && digits[0] === '0' || Number(digits) > 255) {
                return badDigits(digits, at, octet);
            }
            bits = bits * 256 + Number(digits);
            at += digits.length;
        }
        return at === text.length ? { bits } : afterTheLastOctet(text, at);
    }

    /** What is no dotted decimal and has a name of its own. */
    function readOctets(text) {
        const groups = text.split('.');
        const inBits = /^[01.]+$/.test(text) && groups.filter(group => group.length > 3).length > 1;
        if (/^\d{4,}$/.test(text) || /^0[xb][^:]*$/i.test(text) || inBits) {
            return fault(0, text.length,
                'this is another notation of an address: here, write dotted decimal, such as 100.4.5.6');
        }
        const colon = text.indexOf(':');
        if (colon >= 0 && text[0] === '[') {
            return fault(0, 1, 'brackets set an address apart from a port in a URL: leave them out');
        }
        if (colon >= 0 && 'bits' in readDotted(text.slice(0, colon))) {
            return fault(colon, text.length - colon,
                'a port follows, so this is an endpoint (socket address): leave out the port');
        }
        const isName = /^[0-9A-Za-z._-]+$/.test(text) && /^[A-Za-z]/.test(groups[groups.length - 1]);
        return isName
            ? fault(0, text.length, 'this is a name, not an address: ip-demo asks no name server')
            : readDotted(text);
    }

    /** The prefix length after the slash: `{ prefix }` or a fault. */
    function readPrefix(text) {
        if (text === '') {
            return fault(0, 1, 'no prefix length after the slash, such as /24');
        }
        const given = readDotted(text);
        if ('bits' in given) {
            const ones = Math.clz32(~given.bits);
            if (given.bits === 2 ** 32 - 2 ** (32 - ones)) {
                return fault(0, text.length,
                    'a mask after the slash: write the number of its 1 bits, /' + ones);
            }
        }
        const digits = /^\d*/.exec(text)[0].length;
        if (digits < text.length) {
            const character = String.fromCodePoint(text.codePointAt(digits));
            return character === '/'
                ? fault(digits, text.length - digits, 'a second slash: an address has one prefix length')
                : fault(digits, character.length, named(shown(character))
                    + ' in the prefix length: it is a number of bits, such as /24');
        }
        if (text.length > 1 && text[0] === '0') {
            return fault(0, text.length, 'a prefix length with a leading zero: leave the zero out');
        }
        return Number(text) <= 32 ? { prefix: Number(text) } : fault(0, text.length,
            'the prefix length is ' + shown(text) + ', and the address has 32 bits: write /0 to /32');
    }

    /**
     * Reads an address with or without a prefix length: `{ bits, prefix }`, where `prefix` is null
     * if none was written, or `{ at, length, sentence }`.
     */
    function read(text) {
        const slash = text.indexOf('/');
        const address = readOctets(slash < 0 ? text : text.slice(0, slash));
        if (!('bits' in address) || slash < 0) {
            return 'bits' in address ? { bits: address.bits, prefix: null } : address;
        }
        const prefix = readPrefix(text.slice(slash + 1));
        return 'prefix' in prefix
            ? { bits: address.bits, prefix: prefix.prefix }
            : fault(prefix.at + slash + 1, prefix.length, prefix.sentence);
    }

    return read;
})();
