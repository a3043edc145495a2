import { type FileKind, FileProbe } from './file-probe.js';

function kindOf(bytes: Buffer, chunk = bytes.length || 1): FileKind {
  const probe = new FileProbe();
  for (let at = 0; at < bytes.length; at += chunk) probe.push(bytes.subarray(at, at + chunk));
  return probe.kind();
}

const gbk = Buffer.from([0xca, 0xd6, 0xbb, 0xfa, 0xba, 0xc5]); // 手机号
const gbkWomen = Buffer.concat([gbk, ...Array.from({ length: 20 }, () => Buffer.from([0x0a, 0xc5, 0xae]))]);

describe('FED-1 the encoding of a file is found from all of its bytes', () => {
  it.each([1, 2, 3, 5, 1000])('UTF-8 whose characters are cut by chunks of %i bytes', (chunk) => {
    expect(kindOf(Buffer.from('手机号码,姓名😀\n'), chunk)).toBe('utf-8');
    expect(kindOf(Buffer.concat([Buffer.from('phone,name\n13800138000,'), gbk]), chunk)).toBe('gb18030');
  });

  it.each<[string, Buffer, FileKind]>([
    ['nothing at all', Buffer.alloc(0), 'empty'],
    ['an XLSX', Buffer.from('PK\x03\x04....', 'latin1'), 'xlsx'],
    ['an old XLS', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0]), 'xls'],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d]), 'image'],
    ['a PDF', Buffer.from('%PDF-1.7\n'), 'pdf'],
    ['an archive', Buffer.from([0x1f, 0x8b, 8, 0]), 'archive'],
    ['a page that calls itself .xls', Buffer.from('\ufeff\r\n<html xmlns:x="urn:schemas-microsoft-com:office:excel">'), 'html'],
    ['XML that calls itself .xls', Buffer.from('<?xml version="1.0"?><Workbook>'), 'html'],
    ['a program', Buffer.from('\x7fELF\0\0'), 'binary'],
    ['UTF-16 as Excel saves it', Buffer.from('\ufeff手机\n', 'utf16le'), 'utf-16le'],
    ['a file that ends within a character', Buffer.from([0x61, 0xe6, 0x89]), 'gb18030'],
    ['UTF-8 with a mark, and damaged', Buffer.concat([Buffer.from('\ufeffphone,name\n'), gbk]), 'utf-8'],
    ['UTF-8 with one damaged character among many good ones', Buffer.concat([Buffer.from('号码,姓名\n1,张\n2,李\n3,王\n4,陈\n5,'), gbk]), 'utf-8'],
    ['GBK whose lines look like UTF-8 but for the header: 女 is also Ů', gbkWomen, 'gb18030'],
  ])('%s', (_name, bytes, kind) => {
    expect(kindOf(bytes)).toBe(kind);
  });
});
