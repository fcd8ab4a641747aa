const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a text is an id as the database gives them: it refuses to compare its own with any other. */
export const isUuid = (text: string): boolean => UUID.test(text);

/** 32 hex digits as the database writes them as an id. */
export const asUuid = (digits: string): string => digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
