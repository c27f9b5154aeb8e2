/** Menus are drawn at the end of the view's own landmark, so that all content stands in one. */
export const IN_MAIN = { target: '#main' }
