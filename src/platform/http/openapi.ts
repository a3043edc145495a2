import { ModulesContainer } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { describeForms } from './form-schemas.js';

const SHOWN = /^\/(api\/v1|health|metrics)/;

const PROBLEM = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'requestId'],
      properties: {
        code: { type: 'string', description: 'For programs; it stays' },
        message: { type: 'string', description: 'For people, in the language of the request' },
        param: { type: 'string', description: 'The field or parameter at fault, where one is' },
        requestId: { type: 'string' },
      },
    },
  },
};
const REFUSED = {
  description: 'Refused: what, where, and what to do',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } },
};
const ONCE = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  schema: { type: 'string', maxLength: 200 },
  description: 'Sent again with the same key, a request happens once and gets the first answer',
} as const;

/** What holds for every address: how it refuses, and that a POST can be repeated. */
function withRules(paths: OpenAPIObject['paths']): OpenAPIObject['paths'] {
  for (const path of Object.values(paths)) {
    for (const operation of [path.get, path.post, path.put, path.patch, path.delete]) if (operation) operation.responses['4XX'] = REFUSED;
    if (path.post) path.post.parameters = [...(path.post.parameters ?? []), ONCE];
  }
  return paths;
}

function describe(app: NestFastifyApplication): OpenAPIObject {
  const head = new DocumentBuilder().setTitle('StarCare').setVersion('1').addBearerAuth().addSecurityRequirements('bearer').build();
  describeForms(app.get(ModulesContainer));
  const document = SwaggerModule.createDocument(app, head);
  const paths = Object.entries(document.paths).filter(([path]) => SHOWN.test(path));
  return {
    ...document,
    paths: withRules(Object.fromEntries(paths)),
    components: { ...document.components, schemas: { ...document.components?.schemas, Problem: PROBLEM } },
  };
}

/** The API's own description, made from the code: page `/api/docs`, document `/api/docs-json`. Open: it holds names, no data. */
export function registerOpenApi(app: NestFastifyApplication): void {
  SwaggerModule.setup('api/docs', app, () => describe(app), { jsonDocumentUrl: 'api/docs-json', yamlDocumentUrl: 'api/docs-yaml' });
}
