/** Whether what was thrown is the system's error of that code, such as ENOENT. */
export function hasErrorCode(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === code;
}
