// The API keys and tokens that the journeys' gateway knows from its start. They look like real ones, so that a part of one
// is known again wherever it turns up.

export const SOLIFYN_KEY = 'fyn_key_7Rk2wXq9LmZ4tBv8NcJ5hGd3PsY6aFe1UoQ0iKx7Tz';
export const SOLIFYN_READ_ONLY_KEY = 'fyn_key_1Vb6nHs3QpW8yCe5RjM2kTg9XfD4uLa7ZiO0xBq3Nw';

/** Of the tenant's administrator, and of a user without any role. */
export const QLIK_ADMIN = 'qlik-admin-9f3Xk7Lw2Vb8Rt5Hn1Qs6Yd4';
export const QLIK_USER = 'qlik-member-4c8Pz1Mj6Gv3Ku9Tw7Ea2Bn5';

/** All of them, as start options of the gateway. */
export const TOKEN_ARGS = [
  ...['--solifyn-key', SOLIFYN_KEY, '--solifyn-read-only-key', SOLIFYN_READ_ONLY_KEY],
  ...['--qlik-token', QLIK_ADMIN, '--qlik-user-token', QLIK_USER],
];
