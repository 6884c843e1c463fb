/** Style sheets go into the page as they are. */
declare module '*.css';
