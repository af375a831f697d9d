/** Run files in the formats of older versions. */
import { Connection } from '../../main/store/connection.ts';

/** SQL that removes what each version added. */
const undo: Readonly<Record<number, string>> = {
  11: 'ALTER TABLE mark DROP COLUMN name;',
  10: 'DROP TABLE trained;',
  9: `ALTER TABLE candidate DROP COLUMN genes;
    ALTER TABLE candidate_detail DROP COLUMN network;
    ALTER TABLE extra DROP COLUMN genes;
    ALTER TABLE extra_detail DROP COLUMN network;`,
  8: `DROP TABLE extra_detail; DROP TABLE extra;
    ALTER TABLE candidate DROP COLUMN facts;
    ALTER TABLE candidate DROP COLUMN bias_deployment_live;
    ALTER TABLE candidate DROP COLUMN bias_deployment_all;
    ALTER TABLE candidate DROP COLUMN bias_scoring_live;
    ALTER TABLE candidate DROP COLUMN bias_scoring_all;`,
  7: `ALTER TABLE run DROP COLUMN candidates;
    ALTER TABLE run DROP COLUMN failed;
    ALTER TABLE run DROP COLUMN without_digest;
    ALTER TABLE run DROP COLUMN candidates_digest;
    ALTER TABLE run DROP COLUMN digest;
    ALTER TABLE candidate DROP COLUMN digest;
    ALTER TABLE candidate DROP COLUMN rest_digest;
    ALTER TABLE candidate_detail DROP COLUMN digest;
    ALTER TABLE mark DROP COLUMN digest;`,
  6: 'ALTER TABLE candidate_detail DROP COLUMN measurement;',
  5: 'ALTER TABLE run DROP COLUMN scoring;',
  4: 'ALTER TABLE run DROP COLUMN warnings;',
  3: 'ALTER TABLE run DROP COLUMN tags; DROP TABLE mark;',
};

/** Turns a closed run into one of that version, 2 to 6. */
export function asOfVersion(file: string, version: number): void {
  const connection = new Connection(file, 'write');
  for (let from = Number(connection.pragma('user_version')); from > version; from--) {
    connection.execute(undo[from]!);
  }
  connection.pragma(`user_version = ${version}`);
  connection.release();
}
