/** Somebody who looks at pages, as a browser without scripts does. */
export class Reader {
  private cookie = '';

  private constructor(
    private readonly url: string,
    readonly username: string,
  ) {}

  static async logIn(url: string, username: string, password: string): Promise<Reader> {
    const reader = new Reader(url, username);
    const { html } = await reader.look('/login');
    const token = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
    const { status } = await reader.ask('/login', {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ _csrf: token, username, password }),
    });
    if (status !== 303) throw new Error(`${username} cannot log in: ${status}`);
    return reader;
  }

  /** Milliseconds until the whole page is there; no html when it is something else. */
  async look(address: string): Promise<{ status: number; html: string; ms: number }> {
    const start = performance.now();
    const answer = await this.ask(address);
    const text = await answer.text();
    const isPage = (answer.headers.get('content-type') ?? '').startsWith('text/html');
    return { status: answer.status, html: isPage ? text : '', ms: performance.now() - start };
  }

  private async ask(address: string, more: RequestInit = {}): Promise<Response> {
    const answer = await fetch(this.url + address, { headers: { accept: 'text/html', cookie: this.cookie }, ...more });
    for (const set of answer.headers.getSetCookie()) this.cookie = set.split(';', 1)[0] ?? '';
    return answer;
  }
}

/** Downloads are no pages, and these leave the page for another language or the house. */
const ELSEWHERE = /^\/(static|logout|demo)|[?&]lang=|\.(csv|xlsx|json|zip|txt)\b|\/(export|download|file)s?\b/;
const LINKS = /\s(?:href|hx-get|action)="(\/[^"#]*)/g;
const POSTS = /<form\b[^>]*method="post"[\s\S]*?>/g;

const plain = (html: string): string => html.replace(POSTS, '').replaceAll('&#x3D;', '=').replaceAll('&amp;', '&');
const linksOf = (html: string): string[] => [...plain(html).matchAll(LINKS)].map(([, link = '']) => link).filter((link) => !ELSEWHERE.test(link));

/** Pages about different things of one kind have one shape. */
const shapeOf = (link: string): string => link.replace(/=[^&]*/g, '=').replace(/\d[\d-]*/g, 'n');

/** One address of each shape that a reader comes to by links, from the first page on. */
export async function crawl(reader: Reader, atMost: number): Promise<string[]> {
  const known = new Map([['/', '/']]);
  const pages: string[] = [];
  for (const [, address] of known) {
    if (pages.length >= atMost) break;
    const { status, html } = await reader.look(address);
    if (status >= 500) throw new Error(`${address} answers ${reader.username} ${status}`);
    if (status === 200 && html) pages.push(address);
    for (const link of linksOf(html)) if (!known.has(shapeOf(link))) known.set(shapeOf(link), link);
  }
  return pages;
}
