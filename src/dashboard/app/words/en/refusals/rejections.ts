/** Why events could not be counted, by what the server says of them: that is English already. */
export const rejections: Readonly<Record<string, string>> = {};
