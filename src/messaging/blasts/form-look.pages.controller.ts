import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { Roles } from '../../platform/http/access.js';
import { CurrentUser } from '../../staff/staff.types.js';
import { FormLook } from './form-look.queries.js';

class FormLookQuery {
  @IsOptional() @IsString() @MaxLength(60) template: string = '';
  @IsOptional() @IsString() @MaxLength(100) segment: string = '';
}

/** Beside the form of a blast. */
@ApiExcludeController()
@Roles('planner')
@Controller('sms/blasts/new')
export class FormLookPagesController {
  constructor(private readonly look: FormLook) {}

  @Get('look')
  async show(@CurrentUser() user: CurrentUser, @Query() ask: FormLookQuery, @Res() reply: FastifyReply): Promise<void> {
    await reply.view('messaging/blast-look', await this.look.of(user, ask), { layout: false });
  }
}
