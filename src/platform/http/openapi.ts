import { ModulesContainer } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { describeForms } from './form-schemas.js';

const SHOWN = /^\/(api\/v1|health|metrics)/;

function describe(app: NestFastifyApplication): OpenAPIObject {
  const head = new DocumentBuilder().setTitle('StarCare').setVersion('1').addBearerAuth().addSecurityRequirements('bearer').build();
  describeForms(app.get(ModulesContainer));
  const document = SwaggerModule.createDocument(app, head);
  const paths = Object.entries(document.paths).filter(([path]) => SHOWN.test(path));
  return { ...document, paths: Object.fromEntries(paths) };
}

/** The API's own description, made from the code: page `/api/docs`, document `/api/docs-json`. Open: it holds names, no data. */
export function registerOpenApi(app: NestFastifyApplication): void {
  SwaggerModule.setup('api/docs', app, () => describe(app), { jsonDocumentUrl: 'api/docs-json', yamlDocumentUrl: 'api/docs-yaml' });
}
