import { Module } from '@nestjs/common';
import { UsersFeed } from './users.feeds.js';

/** The people of the house as other systems know them. */
@Module({ providers: [UsersFeed] })
export class PeopleModule {}
