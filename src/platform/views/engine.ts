import Handlebars from 'handlebars';
import type { HelperDelegate, TemplateDelegate } from 'handlebars';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const OPTIONS = { preventIndent: true };

/**
 * Renders `templates/<view>.hbs` and puts it into the layout as {{{body}}}. Every file below `templates/ui/` is a
 * partial by its path (`{{> ui/star level=5}}`); a module's own partials lie beside its pages and are named alike.
 */
export class ViewEngine {
  private readonly handlebars = Handlebars.create();
  private readonly compiled = new Map<string, TemplateDelegate>();

  constructor(
    private readonly folder: string,
    helpers: Record<string, HelperDelegate>,
  ) {
    this.handlebars.registerHelper(helpers);
    if (existsSync(folder)) this.registerPartials('');
  }

  /** `layout` false gives the template alone. */
  render(view: string, context: object, layout: string | false = 'layout'): string {
    const root = { slots: {}, ...context };
    const body = this.template(view)(root);
    return layout === false ? body : this.template(layout)({ ...root, body });
  }

  private template(name: string): TemplateDelegate {
    let template = this.compiled.get(name);
    if (!template) {
      template = this.handlebars.compile(readFileSync(join(this.folder, `${name}.hbs`), 'utf8'), OPTIONS);
      this.compiled.set(name, template);
    }
    return template;
  }

  private registerPartials(prefix: string): void {
    for (const entry of readdirSync(join(this.folder, prefix), { withFileTypes: true })) {
      const name = `${prefix}${entry.name}`;
      if (entry.isDirectory() && !['public', 'locales'].includes(entry.name)) this.registerPartials(`${name}/`);
      if (entry.isFile() && name.endsWith('.hbs')) this.handlebars.registerPartial(name.slice(0, -4), readFileSync(join(this.folder, name), 'utf8'));
    }
  }
}
