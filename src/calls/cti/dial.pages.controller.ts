import { Controller } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Roles } from '../../platform/http/access.js';
import { DialApiController } from './dial.api.controller.js';

/** The same for the script of the desk, by its session. */
@ApiExcludeController()
@Roles('manager', 'supervisor')
@Controller('tasks/:id')
export class DialPagesController extends DialApiController {}
