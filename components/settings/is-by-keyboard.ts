/** Whether a click came of a key, or of what stands in for one: a pointer counts its clicks. */
export function isByKeyboard(event: { readonly detail: number }): boolean {
  return event.detail === 0;
}
